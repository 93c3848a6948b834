# What follows is the same on every host.

say() { printf '%s\n' "$1" >&2; }

# Writes what was done or refused to the log; a log that cannot be written stops nothing.
record() {
  printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$role" "$1" >>"$log_file" 2>/dev/null
  logger -t "$account-dispatch" -- "$role $1" 2>/dev/null
  return 0
}

refuse() {
  record "refused: $1"
  say "refused: $1"
  exit 77
}

fail() {
  say "$1"
  exit 1
}

# Each slot is one plain word: no leading dash, no blank, 64 characters at most.
check_slots() {
  for slot in "$@"; do
    case $slot in '' | [.-]* | *[!A-Za-z0-9._-]*) refuse 'a slot that is not a plain word' ;; esac
    [ "${#slot}" -le 64 ] || refuse 'a slot that is too long'
  done
}

# What heals must not take itself away, nor what proves its fixes. inventory/own-parts.ts has the same names.
is_own_service() {
  case ${1%.service} in steward | steward[-_.@]* | prometheus | alertmanager | prometheus-alertmanager) ;; *) return 1 ;; esac
}

# A restart with a broken configuration takes down what still runs with the old one.
restart_service() {
  ! is_own_service "$1" || refuse 'a part of Steward itself'
  said=$(service_config_test "$1" 2>&1 </dev/null) || {
    say "not restarted, for its own configuration test fails: $said"
    return 78
  }
  service_restart "$1" </dev/null
}

# Goes to the site's folder. From here on the folder is held open: a link put in its place changes nothing.
enter_site() {
  ! is_own_path "$path" || refuse 'a part of Steward itself'
  cd -P -- "$path" 2>/dev/null || fail "the folder of the site is not there: $path"
  [ "$(pwd -P)" = "$path" ] || fail "a link leads to the site; write its real path, $(pwd -P), into steward.yml"
}

# Those of the last 50 runs are kept.
forget_old_snapshots() {
  # shellcheck disable=SC2012 # The names are slots: plain words.
  ls -1t "$state/snapshots" | tail -n +51 | while read -r old; do rm -rf "$state/snapshots/$old"; done
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

# Takes the words of the call, runs it, and records it where it may change something.
main() {
  role=${1:-}
  case $role in read | act) shift ;; *) role=none refuse 'the role is neither read nor act' ;; esac
  if [ $# -eq 0 ]; then
    case ${SSH_ORIGINAL_COMMAND:-} in
      '') refuse 'no verb; this key opens no shell' ;;
      *[!A-Za-z0-9._\ =-]*) refuse 'a character that no verb has' ;;
    esac
    [ "${#SSH_ORIGINAL_COMMAND}" -le 600 ] || refuse 'a line that is too long'
    # shellcheck disable=SC2086 # Split at blanks; names are not expanded, since -f is set.
    set -- $SSH_ORIGINAL_COMMAND
  fi
  case $* in *[!A-Za-z0-9._\ =-]*) refuse 'a character that no verb has' ;; esac
  if [ "${1:-}" = timeout ]; then
    run_limited "$@"
  else
    run_verb "$@"
  fi
}

# Runs the rest of the line under timeout(1), so that nothing stays behind when the connection is lost.
run_limited() {
  [ $# -ge 4 ] || refuse 'an incomplete line'
  case $2 in --kill-after=[1-9]) ;; *) refuse 'a kill-after other than 1 to 9 seconds' ;; esac
  case $3 in '' | 0* | *[!0-9]* | ?????*) refuse 'a time limit other than 1 to 9999 seconds' ;; esac
  after=$2 limit=$3
  shift 3
  [ "$1" != timeout ] || refuse 'two time limits'
  exec timeout "$after" "$limit" "$0" "$role" "$@"
}

run_verb() {
  call=$*
  verb=${1:-}
  if [ "$role" != read ]; then
    trap 'record_end $?' EXIT
    trap 'exit 143' TERM
  fi
  case "$role $verb $#" in
@VERBS@
    *) refuse "no such verb for this key: $call" ;;
  esac
  exit $?
}

# Also where the verb failed in its midst, or its time was over. A refusal is written down already.
record_end() { [ "$1" -eq 77 ] || record "$call: exit code $1"; }

main "$@"
