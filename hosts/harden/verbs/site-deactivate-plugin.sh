# Takes a plugin, by the name of its folder, out of the list that WordPress loads. No plugin's code runs for it, not its own
# deactivation either, since that code is what broke the site. What was taken out is recorded before.
verb_site_deactivate_plugin() {
  select_site "$1"
  enter_site
  snapshot=$state/snapshots/$3/$1-plugin
  if [ ! -e "$snapshot" ]; then
    mkdir -p "$state/snapshots/$3" || fail 'the snapshot cannot be written'
    active_plugins list "$2" >"$snapshot.new" || fail 'WordPress could not be asked for its plugins'
    [ -s "$snapshot.new" ] || fail 'no active plugin has that folder'
    if ! { sync "$snapshot.new" && mv "$snapshot.new" "$snapshot"; }; then fail 'the snapshot cannot be written'; fi
  fi
  active_plugins remove "$2"
}
