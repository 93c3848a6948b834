# Asks the site's pool of PHP-FPM for its status. Of a socket of Unix it never says how many requests wait, so the kernel is asked first:
# https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_process_ctl.c has the queue of ports alone.
verb_site_php_fpm() {
  select_site "$1"
  case $fpm_address in
    unix://*) waiting_at_socket "${fpm_address#unix://}" ;;
  esac
  ask_php_fpm "$fpm_status_path"
}

# Prints nothing where there is no ss, or the socket is not there.
waiting_at_socket() {
  command -v ss >/dev/null || return 0
  ss -Hxln 2>/dev/null | while read -r _ _ waiting _ socket _; do
    # Either may be written with /var/run for /run.
    if [ "${socket##*/}" = "${1##*/}" ] && [ "$(readlink -f -- "$socket")" = "$(readlink -f -- "$1")" ]; then
      printf 'waiting %s\n' "$waiting"
      break
    fi
  done
}
