# site-rotate-log <site> <name of the log>
# Renames the log and puts an empty one with its owner, group and mode in its place; of those that this verb rotated before,
# the newest stay, compressed. Nothing else is removed. The log that was just renamed is left as it is: log-read reads it to its end.
# - Where root alone can write to the folder and to all above it, root does this; elsewhere the account that owns the log does.
# - PHP opens its log for each message. nginx, Apache and php-fpm keep theirs open: they are told to open it anew.
rotated_kept=4
rotated_from_bytes=1000000

verb_site_rotate_log() {
  select_site "$1"
  select_named_log "$1" "$2" || refuse 'no such log'
  ! is_own_path "$folder/$base" || refuse 'a part of Steward itself'
  enter_log_folder || fail "a log is not rotated through a link, nor where its folder is not there: $folder"
  [ -e "./$base" ] || [ -L "./$base" ] || fail 'the log is not there'
  is_log "$base" || fail 'a link, a file with several names, or no file: that is not rotated'
  size=$(log_stat "$base" %s)
  if [ "${size:-0}" -lt "$rotated_from_bytes" ]; then
    printf 'left alone: it has %s bytes, and less than %s are not rotated\n' "${size:-0}" "$rotated_from_bytes"
    return 0
  fi
  choose_log_account
  [ "$log_writer" = php ] || check_log_writers
  # The name ends as the log's does, so that a web server that gives away no *.log does not give away this one either.
  rotated=$base.steward-$(date -u +%Y%m%dT%H%M%SZ).log
  as_log_account mv -nT -- "./$base" "./$rotated"
  is_log "$rotated" || fail 'the log could not be renamed'
  begin_log
  [ "$log_writer" = php ] || reopen_log
  tidy_rotated || fail 'the log was rotated, but what was rotated before could not be compressed'
  printf 'rotated %s bytes to %s\n' "$size" "$rotated"
}

# Says who does it. Nobody does where everybody can put files into the folder, or another folder in its place.
choose_log_account() {
  log_uid=$(log_stat "$base" %u) log_gid=$(log_stat "$base" %g) log_mode=0$(log_stat "$base" %a)
  as_root=yes
  at=$folder
  while judge_folder "$at" && [ "$at" != / ]; do at=$(dirname -- "$at"); done
  [ "$as_root" = yes ] || [ "$log_uid" != 0 ] ||
    fail "the log belongs to root, and others can write to its folder: chown it to its writer, or keep others out of $folder"
}

# Others can do nothing in a sticky folder above to what does not belong to them.
judge_folder() {
  folder_mode=0$(stat -c %a -- "$1")
  if [ "$1" != "$folder" ] && [ $((folder_mode & 01000)) -ne 0 ]; then folder_mode=0; fi
  [ $((folder_mode & 02)) -eq 0 ] || fail "everybody can write to $1: chmod o-w it first"
  if [ $((folder_mode & 020)) -ne 0 ] || [ "$(stat -c %u -- "$1")" != 0 ]; then as_root=no; fi
}

as_log_account() {
  if [ "$as_root" = yes ]; then
    "$@"
  else
    setpriv --reuid="$log_uid" --regid="$log_gid" --clear-groups --no-new-privs -- "$@"
  fi
}

# Makes the new log. Its writer may have made it by then; what stands there is never opened.
begin_log() {
  if [ "$as_root" = yes ]; then
    install -o "$log_uid" -g "$log_gid" -m "$log_mode" /dev/null "./$base"
    return
  fi
  umask "$(printf '%o' $((~log_mode & 0777)))"
  as_log_account dd if=/dev/null of="./$base" conv=excl status=none 2>/dev/null
  umask 077
  is_log "$base" || fail 'the log was renamed, but no new one could be made'
  # Rules that name the log do not name this one.
  as_log_account find -P "./$rotated" -maxdepth 0 -type f -exec chmod go= {} +
}

# Prints the number of each process that has a file open for writing.
writers_of() {
  inode=$(log_stat "$1" %d:%i)
  find -P /proc -mindepth 1 -path '/proc/[0-9]*/fd/*' -exec stat -L -c '%d:%i %n' {} + \
    -o -path '/proc/[0-9]*/*' ! -name fd -prune -o ! -path '/proc/[0-9]*' -prune 2>/dev/null |
    while read -r each opened; do
      [ "$each" = "$inode" ] || continue
      process=${opened#/proc/}
      process=${process%%/*}
      grep -q '^flags:.*[12]$' "/proc/$process/fdinfo/${opened##*/}" 2>/dev/null && printf '%s\n' "$process"
    done | sort -u
}

check_log_writers() {
  for process in $(writers_of "$base"); do
    program=$(readlink -- "/proc/$process/exe")
    case ${program##*/} in
      nginx | apache2 | httpd | php-fpm*) ;;
      *) fail "${program##*/} ($process) writes to the log, and is none that opens it anew: use logrotate with copytruncate" ;;
    esac
  done
}

# Tells each writer that no other writer started, and waits until none has the old file open.
reopen_log() {
  writers=" $(writers_of "$rotated" | tr '\n' ' ')"
  for process in $writers; do
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status" 2>/dev/null)
    case $writers in *" $parent "*) ;; *) kill -USR1 "$process" ;; esac
  done
  tries=0
  while [ -n "$(writers_of "$rotated")" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 50 ] || fail 'the log was rotated, but its writer still writes to the old one: reload it'
    sleep 0.1
  done
}

# Compresses what was rotated before, and removes the oldest. gzip follows no link, and has what it began to write gone where it is ended;
# what is there beside the file is a rest of one that was killed.
tidy_rotated() {
  own_rotated | tail -n +2 | grep -v '\.gz$' | while read -r each; do
    as_log_account rm -f -- "./$each.gz"
    as_log_account gzip -- "./$each" </dev/null || exit 1
  done || return 1
  own_rotated | tail -n "+$((rotated_kept + 1))" | while read -r each; do as_log_account rm -f -- "./$each"; done
}

# The newest first. A name with anything else in it is somebody else's.
own_rotated() {
  find -P . -maxdepth 1 -type f -regextype posix-extended \
    -regex '.*\.steward-[0-9]{8}T[0-9]{6}Z\.log(\.gz)?' -printf '%f\n' | sort -r | while read -r each; do
    case $each in
      "$base".steward-*.steward-*) ;;
      "$base".steward-*) printf '%s\n' "$each" ;;
    esac
  done
}
