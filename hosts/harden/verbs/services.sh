# One line for each service: its name, the exit code of its manager, and the first line of its answer.
verb_services() {
  for name in $services; do
    answer=$(service_status "$name" 2>&1 </dev/null)
    code=$?
    printf '%s\t%s\t%s\n' "$name" "$code" "$(printf '%s\n' "$answer" | head -n 1)"
  done
}
