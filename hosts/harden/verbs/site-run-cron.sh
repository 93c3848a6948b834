# Runs the events of WordPress's cron that are due, by WordPress's own wp-cron.php. That takes a lock, so that no event runs twice.
verb_site_run_cron() {
  select_site "$1"
  enter_site
  [ -f ./wp-cron.php ] || fail 'there is no wp-cron.php'
  site_php 240 -f ./wp-cron.php </dev/null
}
