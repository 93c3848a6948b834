# Mode, owner, group, kind, number of names, and path below the site's folder, ended by a NUL.
path_format='%m\t%u\t%g\t%y\t%n\t%P\0'

# Goes to the site's folder. From here on the folder is held open: a link put in its place changes nothing.
enter_site() {
  ! is_own_path "$path" || refuse 'a part of Steward itself'
  cd -P -- "$path" 2>/dev/null || fail "the folder of the site is not there: $path"
  [ "$(pwd -P)" = "$path" ] || fail "a link leads to the site; write its real path, $(pwd -P), into steward.yml"
}

# site_php <seconds> <words of php...>
# Runs the site's own PHP as the site's owner, who cannot become more by it, in an environment that says which site is visited.
site_php() {
  command -v php >/dev/null || fail 'there is no php; on Debian or Ubuntu: apt-get install php-cli'
  seconds=$1
  shift
  env -i PATH="$PATH" HTTP_HOST="$url_host" SERVER_NAME="$url_host" REQUEST_URI="$url_path" REQUEST_METHOD=GET \
    SERVER_PROTOCOL=HTTP/1.1 REMOTE_ADDR=127.0.0.1 HTTPS="$([ "$url_scheme" = https ] && echo on)" \
    timeout --foreground --kill-after=2 "$seconds" \
    setpriv --reuid="$owner" --regid="$group" --init-groups --no-new-privs -- \
    php -d display_errors=stderr -d html_errors=0 -d max_execution_time="$seconds" "$@"
}
