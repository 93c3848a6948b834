# The kernel writes a new line in a name as \n: none can look like another line.
verb_host_processes() {
  set +f
  # One that ends meanwhile is not there.
  grep -h -E '^(Name|VmRSS):' /proc/[0-9]*/status 2>/dev/null
  return 0
}
