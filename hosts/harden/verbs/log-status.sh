# For each log one line: the key of its path, then "file" with inode, size and time of change, "absent", or "link" where what stands there
# is not one plain file at its own place. After a file follow inode and size of what it was before its last rotation, where that is there.
verb_log_status() {
  select_log_owner "$1"
  number=0
  while [ "$number" -lt "$log_count" ]; do
    select_log "$1" "$number" || refuse 'no such log'
    if ! enter_log_folder; then
      printf '%s %s\n' "$log_key" "$log_problem"
    elif [ ! -e "./$base" ] && [ ! -L "./$base" ]; then
      printf '%s absent %s\n' "$log_key" "$(log_stat "$base.1" '%i %s')"
    elif ! is_log "$base"; then
      printf '%s link\n' "$log_key"
    else
      printf '%s file %s %s\n' "$log_key" "$(log_stat "$base" '%i %s %.9Y')" "$(log_stat "$base.1" '%i %s')"
    fi
    number=$((number + 1))
  done
}
