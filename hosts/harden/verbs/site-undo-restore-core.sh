# Puts back what site-restore-core of that run replaced.
verb_site_undo_restore_core() {
  select_site "$1"
  enter_site
  snapshot=$state/snapshots/$2/$1-core
  [ -f "$snapshot" ] || fail 'there is no snapshot of that run'
  core_files undo <"$snapshot"
}
