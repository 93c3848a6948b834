verb_ping() {
  printf 'steward-dispatch %s %s\n' "$(sha256sum <"$0" | cut -c 1-12)" "$role"
}
