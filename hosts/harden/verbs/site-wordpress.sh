# Asks WordPress about itself. PHP runs the probe as the site's owner, who cannot become more by it, with limits on time and
# memory, and with an environment of its own.
verb_site_wordpress() {
  select_site "$1"
  enter_site
  if ! command -v php >/dev/null; then
    printf '\n=== steward-wordpress-probe\n%s\n' \
      '{"version":1,"parts":{},"errors":[{"part":"load","message":"there is no php; on Debian or Ubuntu: apt-get install php-cli"}]}'
    return 0
  fi
  nice -n 5 env -i PATH="$PATH" timeout --foreground --kill-after=2 15 \
    setpriv --reuid="$owner" --regid="$group" --init-groups --no-new-privs -- \
    prlimit --as=2147483648 -- php -d display_errors=0 -d html_errors=0 -d log_errors=0 -d max_execution_time=5 -d memory_limit=256M \
    -d default_socket_timeout=3 -d mysqlnd.net_read_timeout=4 -d auto_prepend_file= -d auto_append_file= -d open_basedir= \
    -f "$parts/php/site-wordpress.php" -- "$path" "$url_scheme" "$url_host" "$url_path" </dev/null
}
