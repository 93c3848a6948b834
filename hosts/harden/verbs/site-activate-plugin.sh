# Puts back what site-deactivate-plugin of that run took out, as far as it is still installed.
verb_site_activate_plugin() {
  select_site "$1"
  enter_site
  snapshot=$state/snapshots/$2/$1-plugin
  [ -f "$snapshot" ] || fail 'there is no snapshot of that run'
  files=$(cat "$snapshot")
  old_ifs=$IFS
  IFS='
'
  # shellcheck disable=SC2086 # Split at line breaks; names are not expanded, since -f is set.
  set -- $files
  IFS=$old_ifs
  active_plugins add "$@"
}
