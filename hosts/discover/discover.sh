# shellcheck shell=sh
# What `steward init` runs on a host, as the account that it logs in with, or as root where sudo asks for no password.
# It reads and changes nothing. What it finds it prints as fields that each end in a NUL byte, so that no name of a file can be taken
# for anything else. Of configurations only the few lines that are needed leave the host: no password is among them.
set -u
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

found() {
  printf '%s\0' "$@"
}

# limited <seconds> <command>...
limited() {
  timeout -k 2 "$@" 2>/dev/null
}

is_relevant() {
  case $1 in
    nginx | openresty | apache2 | httpd | caddy | lighttpd | haproxy | varnish) ;;
    mariadb | mysql | mysqld | redis | redis-server | valkey-server | memcached) ;;
    php*-fpm | *freqtrade*) ;;
    *) return 1 ;;
  esac
}

find_services() {
  if [ -d /run/systemd/system ]; then
    limited 10 systemctl list-units --type=service --all --plain --no-legend --no-pager | head -n 2000 |
      while read -r unit load active _; do
        case $load/$active in
          loaded/active | loaded/failed | loaded/activating) ;;
          *) continue ;;
        esac
        ! is_relevant "${unit%.service}" || found service systemd "${unit%.service}"
      done
  else
    for file in /etc/init.d/*; do
      name=${file##*/}
      is_relevant "$name" || continue
      ! limited 5 "$file" status >/dev/null || found service sysv "$name"
    done
  fi
  command -v supervisorctl >/dev/null || return 0
  limited 5 supervisorctl status | head -n 200 | while read -r name _; do
    ! is_relevant "$name" || found service supervisor "$name"
  done
}

find_containers() {
  command -v docker >/dev/null || return 0
  limited 10 docker ps --all --no-trunc --format '{{.ID}}|{{.Names}}|{{.Image}}|{{.Ports}}' | head -n 200 |
    while IFS='|' read -r id name image ports; do
      found container "$id" "$name" "$image" "$ports"
    done
}

NGINX='^[[:space:]]*([{}]|(server|server_name|root|listen|access_log|error_log|fastcgi_pass)([[:space:]]|$))'
APACHE='^[[:space:]]*(</?VirtualHost|(ServerName|DocumentRoot|ErrorLog|CustomLog)[[:space:]])'
POOL='^[[:space:]]*(\[|(user|listen|pm\.status_path|slowlog|php_admin_value\[error_log\])[[:space:]]*=)'

# Each file once, without its comments, and just the lines that match.
find_configurations() {
  for file in /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*; do
    [ ! -f "$file" ] || found configuration nginx "$file" \
      "$(head -c 65536 "$file" 2>/dev/null | sed 's/#.*//; s/[{};]/\n&\n/g' | grep -E "$NGINX" | head -c 16384)"
  done
  for file in /etc/apache2/sites-enabled/* /etc/httpd/conf.d/*.conf; do
    [ ! -f "$file" ] || found configuration apache "$file" \
      "$(head -c 65536 "$file" 2>/dev/null | sed 's/#.*//' | grep -iE "$APACHE" | head -c 16384)"
  done
  for file in /etc/php/*/fpm/pool.d/*.conf /etc/php-fpm.d/*.conf; do
    [ ! -f "$file" ] || found configuration php-fpm "$file" \
      "$(head -c 65536 "$file" 2>/dev/null | sed 's/;.*//' | grep -E "$POOL" | head -c 16384)"
  done
}

find_logs() {
  for file in /var/log/nginx/*.log /var/log/apache2/*.log /var/log/httpd/*_log /var/log/php*fpm*.log /var/log/php-fpm/*.log; do
    if [ -f "$file" ] && [ ! -L "$file" ]; then found log "$file"; fi
  done
}

# Run for one wp-config.php.
LOOK_AT_SITE=$(
  cat <<'END'
folder=${1%/wp-config.php}
version=$(sed -n "s/^\$wp_version *= *'\([^']*\)'.*/\1/p" "$folder/wp-includes/version.php" 2>/dev/null | head -n 1)
[ -n "$version" ] || exit 0
constant() {
  head -c 65536 "$folder/wp-config.php" 2>/dev/null |
    sed -n "s/^[[:space:]]*define([[:space:]]*[\"']$1[\"'][[:space:]]*,[[:space:]]*[\"']\([^\"']*\)[\"'].*/\1/p" | head -n 1
}
# As the owner of the site, never as root: it runs the site's own wp-config.php.
ask_wp_cli() {
  case $(id -u)/$owner in
    */root | */UNKNOWN) return ;;
    0/*) set -- runuser -u "$owner" -- wp ;;
    *) set -- wp && [ "$(id -un)" = "$owner" ] || return ;;
  esac
  ! command -v wp >/dev/null ||
    timeout -k 2 10 "$@" "--path=$folder" --skip-plugins --skip-themes --skip-packages option get home 2>/dev/null | tail -n 1
}
owner=$(stat -c %U "$folder/wp-includes/version.php")
url=$(constant WP_HOME)
[ -n "$url" ] || url=$(constant WP_SITEURL)
[ -n "$url" ] || url=$(ask_wp_cli)
printf '%s\0' site "$folder" "$owner" "$(stat -c %G "$folder/wp-includes/version.php")" "$version" "$url"
[ ! -f "$folder/wp-content/debug.log" ] || printf '%s\0' log "$folder/wp-content/debug.log"
END
)

find_sites() {
  for root in /var/www /srv /opt /home /usr/share/nginx /usr/local/www; do
    [ -d "$root" ] || continue
    limited 20 find "$root" -maxdepth 6 \
      \( -name node_modules -o -name .git -o -name wp-content -o -name wp-includes -o -name wp-admin \) -prune -o \
      -type f -name wp-config.php -exec sh -c "$LOOK_AT_SITE" sh {} \;
    [ "$?" -lt 124 ] || found unfinished "$root"
  done
}

# Prints one value of the section api_server of a freqtrade configuration, which has passwords and keys beside it.
api_value() {
  printf '%s' "$1" | sed -n "s/.*\"$2\"[[:space:]]*:[[:space:]]*\"\{0,1\}\([^\",}]*\).*/\1/p"
}

# bot <folder of the process below /proc> <its words, one in each line>
find_bot() {
  config=$(printf '%s\n' "$2" | awk '/^--config=/ { print substr($0, 10) } before == "-c" || before == "--config" { print } { before = $0 }' | head -n 5)
  logfile=$(printf '%s\n' "$2" | awk '/^--logfile=/ { print substr($0, 11) } before == "--logfile" || before == "--log-file" { print } { before = $0 }' | head -n 1)
  api=$(printf '%s\n' "${config:-user_data/config.json}" | while read -r file; do
    case $file in
      /*) file=$1/root$file ;;
      *) file=$1/cwd/$file ;;
    esac
    limited 5 head -c 262144 "$file" | sed 's,^[[:space:]]*//.*,,' | tr -d '\r\n' | grep -o '"api_server"[[:space:]]*:[[:space:]]*{[^}]*'
  done | tail -n 1)
  found bot "$(head -c 1024 "$1/cgroup" 2>/dev/null)" "$(api_value "$api" enabled)" "$(api_value "$api" listen_ip_address)" \
    "$(api_value "$api" listen_port)" "$(api_value "$api" username)" "$logfile"
}

find_bots() {
  for process in /proc/[0-9]*; do
    words=$(head -c 4096 "$process/cmdline" 2>/dev/null | tr '\n\000' ' \n')
    case $words in
      *freqtrade*) ;;
      *) continue ;;
    esac
    ! printf '%s\n' "$words" | head -n 3 | grep -qE '(^|/)freqtrade$' || ! printf '%s\n' "$words" | grep -qx trade ||
      find_bot "$process" "$words"
  done
}

discover() {
  found steward-discovery 1
  found system "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')" "$(id -un)" "$(id -u)"
  find_services
  find_containers
  find_configurations
  find_logs
  find_sites
  find_bots
  found end
}

# Not one of them may read what is left of this text.
discover </dev/null
