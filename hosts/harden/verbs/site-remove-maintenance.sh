# Removes what a broken off update left. WordPress itself takes no notice of the file after ten minutes, but other caches and
# monitors do; a younger one belongs to an update that may still run, and stays.
verb_site_remove_maintenance() {
  select_site "$1"
  enter_site
  setpriv --reuid="$owner" --regid="$group" --init-groups --no-new-privs -- \
    find -P . -maxdepth 1 -name .maintenance -type f -mmin +10 -print -delete
  [ ! -e ./.maintenance ] || fail 'the file .maintenance is younger than ten minutes: an update may still run'
}
