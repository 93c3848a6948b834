# ask_php_fpm <path of what is asked for>
# Asks the pool of the site that was selected. PHP runs the client as an account that may connect: the socket's owner, or, where
# that is root, nobody with the socket's group. An address needs no account: nobody asks it.
ask_php_fpm() {
  [ -n "$fpm_address" ] || fail 'steward.yml names no php_fpm for this site'
  command -v php >/dev/null || fail 'there is no php; on Debian or Ubuntu: apt-get install php-cli'
  fpm_user=0 fpm_group=0
  case $fpm_address in
    unix://*)
      fpm_socket=${fpm_address#unix://}
      if [ ! -S "$fpm_socket" ]; then
        printf 'down there is no socket %s\n' "$fpm_socket"
        return 0
      fi
      fpm_user=$(stat -L -c %u -- "$fpm_socket") || fail 'the socket went away'
      fpm_group=$(stat -L -c %g -- "$fpm_socket") || fail 'the socket went away'
      ;;
  esac
  [ "$fpm_user" != 0 ] || fpm_user=65534
  [ "$fpm_group" != 0 ] || fpm_group=65534
  env -i PATH="$PATH" timeout --foreground --kill-after=1 4 \
    setpriv --reuid="$fpm_user" --regid="$fpm_group" --clear-groups --no-new-privs -- \
    php -n -d display_errors=stderr -d html_errors=0 -d memory_limit=32M -f "$parts/php/php-fpm-client.php" -- "$fpm_address" "$1" </dev/null
}
