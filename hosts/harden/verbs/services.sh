# For each group of services one section: a line with the exit code of their manager and their names, then its answer. All groups
# are asked at once.
verb_services() {
  number=0
  while [ "$number" -lt "$service_groups" ]; do
    number=$((number + 1))
    print_group "$number" &
  done
  wait
}

print_group() {
  names=$(service_names "$1")
  answer=$(service_status "$1" 2>&1 </dev/null)
  printf '== %s %s\n%s\n' "$?" "$names" "$answer"
}
