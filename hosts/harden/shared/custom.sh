# What the actions of steward.yml share.

# run_custom <account> <seconds> <program and words...>
# Runs a program as an account of this host, which cannot become more by it, with nothing of this environment. What runs as root must be
# root's own, up to the top of the file system.
run_custom() {
  as=$1 seconds=$2
  shift 2
  uid=$(id -u -- "$as" 2>/dev/null) || fail "there is no account $as on this host"
  gid=$(id -g -- "$as") || fail "there is no account $as on this host"
  refuse_own_parts "$@"
  program=$(realpath -e -- "$1" 2>/dev/null) || fail "there is no program $1 on this host"
  [ -f "$program" ] || fail "$1 is no program"
  if [ "$uid" = 0 ]; then
    belongs_to_root "$program" || fail "$program, or a folder above it, could be changed by others than root: it does not run as root"
    shift
    set -- "$program" "$@"
  fi
  cd / || fail 'there is no /'
  env -i PATH="$PATH" HOME=/ timeout --foreground --kill-after=2 "$seconds" \
    setpriv --reuid="$uid" --regid="$gid" --init-groups --no-new-privs -- "$@" </dev/null
  code=$?
  # These codes mean something of the dispatcher's own.
  case $code in
    75 | 77 | 78)
      say "it ended with exit code $code"
      return 1
      ;;
  esac
  return "$code"
}

# Each word, and what stands in it between = , and : is looked at.
refuse_own_parts() {
  case ${1##*/} in
    systemctl | service | rc-service | initctl | docker | podman | supervisorctl | pkill | killall) manages=yes ;;
    *) manages=no ;;
  esac
  for word in "$@"; do
    while read -r piece; do
      [ "$manages" = no ] || ! is_own_service "$piece" || refuse 'a part of Steward itself'
      case $piece in /*) ! is_in_own_path "$piece" || refuse 'a part of Steward itself' ;; esac
    done <<END_OF_WORDS
$(printf '%s\n' "$word" | tr '=,:' '\n')
END_OF_WORDS
  done
}

belongs_to_root() {
  place=$1
  while [ -n "$(find "$place" -maxdepth 0 -user root ! -perm /022)" ]; do
    [ "$place" != / ] || return 0
    place=${place%/*}
    place=${place:-/}
  done
  return 1
}

# check_number <name> <value> <min> <max>
check_number() {
  case $2 in '' | *[!0-9]* | 0?* | ??????????*) refuse "$1 is not a whole number" ;; esac
  if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then refuse "$1 is not from $3 to $4"; fi
}

# check_pattern <name> <value> <pattern>
check_pattern() {
  printf '%s\n' "$2" | grep -Eqx -e "$3" || refuse "$1 does not look as steward.yml says"
}
