# Puts back what site-fix-permissions of that run changed: the modes as the site's owner, then the owners. It fails where a path could not be put back;
# one that is gone has nothing to be put back.
verb_site_undo_permissions() {
  select_site "$1"
  enter_site
  snapshot=$state/snapshots/$2/$1
  [ -f "$snapshot" ] || fail 'there is no snapshot of that run'
  recorded=$(($(tr -dc '\0' <"$snapshot" | wc -c) / 5))
  restored=$(xargs -0 -r -n 5 sh -c "$restore_one" sh "$path" "$owner" "$group" <"$snapshot")
  printf 'restored %s of %s\n' "${#restored}" "$recorded"
  [ "${#restored}" -eq "$recorded" ]
}

# Restores one path, given as words, and prints a dot. It goes to the path's folder step by step without links: the folder where
# it then stands must be the very one that the snapshot names.
# shellcheck disable=SC2016 # The words are filled in by the shell that runs it.
restore_one='
  root=$1 owner=$2 group=$3 mode=$4 uid=$5 gid=$6 type=$7 path=$8
  case $path in .) folder=. name=. ;; *) folder=${path%/*} name=${path##*/} ;; esac
  is_there() { [ -e "$1" ] || [ -L "$1" ]; }
  is_there "$folder" || { printf .; exit 0; }
  cd -P -- "$folder" || exit 0
  [ "$(pwd -P)" = "$root${folder#.}" ] || exit 0
  is_there "./$name" || { printf .; exit 0; }
  if [ "$type" != l ]; then
    changed=$(setpriv --reuid="$owner" --regid="$group" --init-groups --no-new-privs -- \
      find -P "./$name" -maxdepth 0 -type "$type" -execdir chmod "$mode" {} \; -printf .)
    [ "$changed" = . ] || exit 0
  fi
  find -P "./$name" -maxdepth 0 -type "$type" ! \( -type f -links +1 \) -execdir chown -h "$uid:$gid" {} \; -printf .
'
