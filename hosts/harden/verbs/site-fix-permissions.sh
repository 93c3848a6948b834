# Mends owner, group and mode of the paths that drifted, and of no other.
# - Links are never followed: find -P does not, -execdir runs in the folder that find opened, chown -h changes a link itself.
# - Modes are changed as the site's owner: a file swapped for a link to somebody else's gives "permission denied".
# - A file with several names is left alone: one of them may be somebody else's.
verb_site_fix_permissions() {
  select_site "$1"
  enter_site
  [ "$(cat /proc/sys/fs/protected_hardlinks)" = 1 ] || fail 'fs.protected_hardlinks is off: turn it on first'
  snapshot=$state/snapshots/$2/$1
  if [ ! -e "$snapshot" ]; then
    mkdir -p "$state/snapshots/$2" || fail 'the snapshot cannot be written'
    find_drifted -fprintf "$snapshot.new" '%m\0%U\0%G\0%y\0%p\0' || fail 'the snapshot cannot be written'
    if ! { sync "$snapshot.new" && mv "$snapshot.new" "$snapshot"; }; then fail 'the snapshot cannot be written'; fi
    forget_old_snapshots
  fi
  failures=0
  find -P . -xdev \( ! -user "$owner" -o ! -group "$group" \) ! \( -type f -links +1 \) \
    -execdir chown -h "$owner:$group" {} + || failures=1
  mend_modes -type d -a -path "*" "$directory_forbidden" "$directory_required" ';' || failures=1
  mend_modes -type f '!' -path ./wp-config.php "$file_forbidden" "$file_required" + || failures=1
  mend_modes -type f -a -path ./wp-config.php "$config_forbidden" "$config_required" + || failures=1
  printf 'changed %s\n' "$(($(tr -dc '\0' <"$snapshot" | wc -c) / 5))"
  return "$failures"
}

# Runs find with an action over all that drifted.
find_drifted() {
  find -P . -xdev ! \( -type f -links +1 \) \
    \( ! -user "$owner" -o ! -group "$group" \
    -o -type d \( -perm "/$directory_forbidden" -o ! -perm "-$directory_required" \) \
    -o -type f -path ./wp-config.php \( -perm "/$config_forbidden" -o ! -perm "-$config_required" \) \
    -o -type f ! -path ./wp-config.php \( -perm "/$file_forbidden" -o ! -perm "-$file_required" \) \) "$@"
}

# mend_modes <four words of find> <forbidden bits> <required bits> <; or +>
# Folders are mended one by one (;), before find goes into them.
mend_modes() {
  as_owner find -P . -xdev "$1" "$2" "$3" "$4" "$5" -user "$owner" ! \( -type f -links +1 \) \
    \( -perm "/$6" -o ! -perm "-$7" \) -execdir chmod "+$7,-$6" {} "$8"
}

as_owner() {
  setpriv --reuid="$owner" --regid="$group" --init-groups --no-new-privs -- "$@"
}
