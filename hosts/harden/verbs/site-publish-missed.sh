# Publishes the posts whose time has passed and that WordPress did not publish, a hundred at the most, the oldest first.
verb_site_publish_missed() {
  select_site "$1"
  enter_site
  site_php 120 -d open_basedir= -f "$parts/php/publish-missed.php" </dev/null
}
