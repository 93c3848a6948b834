# Goes to the folder of the log, which must stand where steward.yml says: a link to another folder is not followed.
enter_log_folder() {
  log_problem='absent'
  cd -P -- "$folder" 2>/dev/null || return 1
  log_problem='link'
  [ "$(pwd -P)" = "$folder" ]
}

# A file with several names may be somebody else's.
is_log() {
  [ ! -L "./$1" ] && [ -f "./$1" ] && [ "$(stat -c %h -- "./$1" 2>/dev/null)" = 1 ]
}

log_stat() {
  if is_log "$1"; then stat -c "$2" -- "./$1" 2>/dev/null; fi
}
