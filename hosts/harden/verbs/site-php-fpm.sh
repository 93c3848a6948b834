# Asks the site's pool of PHP-FPM for its status.
verb_site_php_fpm() {
  select_site "$1"
  ask_php_fpm "$fpm_status_path"
}
