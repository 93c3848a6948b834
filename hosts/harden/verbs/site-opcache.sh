# Has the site's pool of PHP-FPM run the script beside the dispatcher: OPcache is another one in each pool, and none on the command line.
verb_site_opcache() {
  select_site "$1"
  case $fpm_address in
    http://*) fail 'OPcache is asked over FastCGI: php_fpm names the status page of a web server' ;;
  esac
  ask_php_fpm "/usr/local/lib/$account/opcache-status.php"
}
