# A restart with a broken configuration takes down what still runs with the old one.
restart_service() {
  ! is_own_service "$1" || refuse 'a part of Steward itself'
  said=$(service_config_test "$1" 2>&1 </dev/null) || {
    say "not restarted, for its own configuration test fails: $said"
    return 78
  }
  service_restart "$1" </dev/null
}
