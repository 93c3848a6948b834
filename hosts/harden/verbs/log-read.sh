# log-read <site or bot> <number of the log> <inode> <offset>
# Prints inode, size and time of change, then up to 2 MB from the offset, then a line feed and the same three again: a file that was
# rotated or truncated while it was read is known by that. Only the log and its rotated forms are looked at for the inode.
# What reads does not follow a link and does not wait for a pipe, whatever stands there by then.
verb_log_read() {
  case $2$3$4 in *[!0-9]*) refuse 'a number that is none' ;; esac
  [ "${#4}" -le 15 ] || refuse 'an offset that is too large'
  select_log "$1" "$2" || refuse 'no such log'
  if ! enter_log_folder; then
    printf '%s\n' "$log_problem"
    return 0
  fi
  file=$(log_of_inode "$3")
  if [ -z "$file" ]; then
    printf 'absent\n'
    return 0
  fi
  printf '%s\n' "$(log_stat "$file" '%i %s %.9Y')"
  dd if="./$file" iflag=nofollow,nonblock,skip_bytes,count_bytes,fullblock bs=256K skip="$4" count=2097152 status=none
  printf '\n%s\n' "$(log_stat "$file" '%i %s %.9Y')"
}

log_of_inode() {
  if [ "$(log_stat "$base" %i)" = "$1" ]; then
    printf '%s' "$base"
    return
  fi
  find -P . -maxdepth 1 -type f -links 1 -inum "$1" -printf '%f\n' 2>/dev/null | while read -r each; do
    case $each in
      *.gz | *.xz | *.bz2 | *.zst) ;;
      "$base".* | "$base"-*)
        printf '%s' "$each"
        break
        ;;
    esac
  done
}
