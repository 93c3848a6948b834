# Puts back the files of WordPress itself that are not as wordpress.org has them. Root holds the release and what was changed; all reading
# and writing in the site is done as its owner, by core-files.php, and nothing of a release is ever run here.
verb_site_restore_core() {
  select_site "$1"
  enter_site
  [ ! -e ./.maintenance ] || fail 'an update is under way: there is a file .maintenance'
  release=$(core_files release </dev/null) || exit 1
  case $release in
    *[!A-Za-z0-9._\ ]* | *' '*' '* | '' | [!0-9]*) fail 'the site names no release' ;;
  esac
  fetch_release "${release% *}" "${release#* }"
  snapshot=$state/snapshots/$2/$1-core
  if [ ! -e "$snapshot" ]; then
    mkdir -p "$state/snapshots/$2" || fail 'the snapshot cannot be written'
    # 200 MB at the most.
    if ! (ulimit -f 400000 && core_files keep </dev/null 3<"$checksums" >"$snapshot.new"); then
      rm -f "$snapshot.new" "$checksums"
      fail 'nothing was changed'
    fi
    if ! { sync "$snapshot.new" && mv "$snapshot.new" "$snapshot"; }; then fail 'the snapshot cannot be written'; fi
    forget_old_snapshots
  fi
  core_files restore <"$archive" 3<"$checksums" && return 0
  # What could not be used is fetched anew the next time.
  rm -f "$archive" "$checksums"
  return 1
}

# fetch_release <version> <language>
# A release never changes, so it is kept, and may be put here by hand where the host has no way out.
fetch_release() {
  mkdir -p "$state/releases" || fail 'the release cannot be kept'
  checksums=$state/releases/$1-$2.json
  archive=$state/releases/$1-$2.tar.gz
  language=$2/
  [ "$2" != en_US ] || language=''
  fetch "$wordpress_api/core/checksums/1.0/?version=$1&locale=$2" 4000000 "$checksums"
  fetch "$wordpress_downloads/release/${language}wordpress-$1.tar.gz" 100000000 "$archive"
}

# fetch <address> <bytes at the most> <file>
fetch() {
  [ ! -s "$3" ] || return 0
  if ! env -i PATH="$PATH" timeout --foreground --kill-after=2 120 \
    setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs -- \
    php -d display_errors=0 -d log_errors=0 -d allow_url_fopen=1 -d auto_prepend_file= -f "$parts/php/fetch.php" -- "$1" "$2" \
    >"$3.new" </dev/null; then
    rm -f "$3.new"
    fail 'the release could not be fetched'
  fi
  mv "$3.new" "$3" || fail 'the release cannot be kept'
}
