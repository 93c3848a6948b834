# host-free-disk <host>
# Frees space in four places that have nothing of a user's, and never more than this says; each line says how many bytes one gave.
# - Archived files of systemd's journal, down to 200 MB.
# - Packages that apt has downloaded: it downloads them again where it needs them.
# - Below /var/log, what is rotated and compressed and older than two weeks, by its name: nothing that may be a backup, a dump or an archive.
#   find follows no link, stays on the file system of /var/log, and removes in the folder that it holds open.
# - What Steward recorded before fixes older than a month, which no undo asks for any more.
verb_host_free_disk() {
  [ "$1" = "$host_id" ] || refuse 'another host'
  freed=0 failures=0
  free_folder journal /var/log/journal vacuum_journal
  free_folder packages /var/cache/apt/archives clean_packages
  count_freed 'rotated logs' "$(remove_old_logs | sum_blocks)"
  free_folder snapshots "$state/snapshots" remove_old_snapshots
  printf 'freed %s bytes\n' "$freed"
  return "$failures"
}

# free_folder <name> <folder> <function>
free_folder() {
  [ -d "$2" ] && [ ! -L "$2" ] || return 0
  before=$(folder_bytes "$2")
  "$3" </dev/null >/dev/null || {
    say "$1: failed"
    failures=1
  }
  count_freed "$1" $((before - $(folder_bytes "$2")))
}

folder_bytes() { du -sxB1 -- "$1" | cut -f 1; }

# What is written meanwhile may be more than what was freed.
count_freed() {
  [ "$2" -gt 0 ] || return 0
  freed=$((freed + $2))
  printf '%s: %s bytes\n' "$1" "$2"
}

vacuum_journal() {
  command -v journalctl >/dev/null || return 0
  journalctl --quiet --directory=/var/log/journal --vacuum-size=200M
}

clean_packages() {
  command -v apt-get >/dev/null || return 0
  apt-get -qq clean
}

# Prints how many blocks of 512 bytes each file had that is gone.
remove_old_logs() {
  find -P /var/log -xdev -mindepth 1 -type f -links 1 -mtime +14 \
    ! -ipath '*backup*' ! -ipath '*dump*' ! -ipath '*.sql*' ! -ipath '*.tar*' ! -ipath '*archive*' \
    -regextype posix-extended \
    -regex '.*(\.[0-9]{1,3}|[.-](19|20)[0-9]{6}(-[0-9]{1,10}|T[0-9]{6}Z\.log)?)\.(gz|xz|bz2|zst)' \
    -delete -printf '%b\n'
}

sum_blocks() {
  blocks=0
  while read -r each; do blocks=$((blocks + each)); done
  printf '%s' $((blocks * 512))
}

remove_old_snapshots() { find -P "$state/snapshots" -xdev -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf -- {} +; }
