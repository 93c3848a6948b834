# Those of the last 50 runs are kept.
forget_old_snapshots() {
  # shellcheck disable=SC2012 # The names are slots: plain words.
  ls -1t "$state/snapshots" | tail -n +51 | while read -r old; do rm -rf "$state/snapshots/$old"; done
}
