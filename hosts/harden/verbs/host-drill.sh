# host-drill <host>
# Takes what each fix needs, and changes nothing: to be root, to be the only one at work, and room to record what it would change.
verb_host_drill() {
  [ "$1" = "$host_id" ] || refuse 'another host'
  [ "$(id -u)" -eq 0 ] || fail 'the dispatcher does not run as root'
  note=$(mktemp "$state/snapshots/drill-XXXXXX") || fail 'nothing can be recorded before a fix'
  printf 'a drill\n' >"$note" || written=no
  rm -f "$note" || fail 'what was recorded cannot be removed'
  [ "${written:-yes}" = yes ] || fail 'nothing can be recorded before a fix: no room'
  printf 'drilled\n'
}
