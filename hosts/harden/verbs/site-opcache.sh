# Has the site's pool of PHP-FPM run the script beside the dispatcher: OPcache is another one in each pool, and none on the command line.
verb_site_opcache() {
  select_site "$1"
  ask_php_fpm "/usr/local/lib/$account/opcache-status.php"
}
