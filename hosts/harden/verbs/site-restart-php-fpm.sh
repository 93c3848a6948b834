# Restarts the service that runs the site's PHP: the one php-fpm among the services that steward.yml names for the site.
verb_site_restart_php_fpm() {
  select_site "$1"
  case $php_services in
    '') fail 'steward.yml names no php-fpm among the services of this site' ;;
    *' '*) fail "steward.yml names several php-fpm among the services of this site: $php_services" ;;
  esac
  restart_service "$php_services"
}
