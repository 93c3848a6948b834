say() { printf '%s\n' "$1" >&2; }

# Writes what was begun, done or refused to the log; a log that cannot be written stops nothing.
record() {
  printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$role" "$1" >>"$log_folder/$account-dispatch.log" 2>/dev/null
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

# Takes the words of the call from the key's forced command or, on the machine that Steward itself runs on, from its command line.
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
  export limit
  exec timeout "$after" "$limit" "$0" "$role" "$@"
}

# Runs a verb that is among those below, with as many words as it has. Nothing else leads anywhere.
run_verb() {
  call=$*
  verb=${1:-}
  file=$verb
  case "$role $verb $#" in
@VERBS@
    *) refuse "no such verb for this key: $call" ;;
  esac
  shift
  check_slots "$@"
  case "$role $verb" in read\ * | 'act ping') record_reading ;; *) begin_to_act ;; esac
  # shellcheck source=/dev/null
  . "$parts/host.sh"
  # shellcheck source=/dev/null
  . "$parts/shared.sh"
  # shellcheck source=/dev/null
  . "$parts/verbs/$file.sh"
  # The lock stays this process's alone: what it starts may be a site's own code, or a service that runs for months.
  "$run" "$@" 9<&-
  exit $?
}

# What reads comes several times in a minute: a line of the log, which is begun anew at 1 MB, once the one before it is kept.
record_reading() {
  reads=$log_folder/$account-dispatch-reads.log
  if [ "$(stat -c %s -- "$reads" 2>/dev/null || echo 0)" -ge 1000000 ]; then mv -f "$reads" "$reads.1" 2>/dev/null; fi
  printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$role" "$call" >>"$reads" 2>/dev/null
  return 0
}

# What acts is written down before and after, and one waits for the other: what a lost connection has left behind ends before its undo, or the
# next fix, begins.
begin_to_act() {
  trap 'record_end $?' EXIT
  trap 'exit 143' TERM
  exec 9<"$state"
  if ! flock -w "$((${limit:-40} / 2))" 9; then
    say 'nothing was done: another fix is still at work on this host'
    exit 75
  fi
  record "$call: begins"
}

# Also where the verb failed in its midst, or its time was over. A refusal is written down already.
record_end() { [ "$1" -eq 77 ] || record "$call: exit code $1"; }

main "$@"
