# Has the site's pool of PHP-FPM run the script beside the dispatcher that empties its OPcache.
verb_site_reset_opcache() {
  select_site "$1"
  case $fpm_address in
    http://*) fail 'OPcache is emptied over FastCGI: php_fpm names the status page of a web server' ;;
  esac
  answer=$(ask_php_fpm "/usr/local/lib/$account/opcache-reset.php") || exit 1
  case $answer in
    *'{"was_reset":true}') printf 'OPcache emptied\n' ;;
    down\ *) fail "PHP-FPM does not answer: ${answer#down }" ;;
    *'{"was_reset":false}') fail 'PHP would not empty OPcache: it is off, or opcache.restrict_api or disable_functions forbids it' ;;
    *) fail "the pool cannot run opcache-reset.php beside Steward's dispatcher: add that folder to its open_basedir" ;;
  esac
}
