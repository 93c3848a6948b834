# A restart with a broken configuration takes down what still runs with the old one.
restart_service() {
  ! is_own_service "$1" || refuse 'a part of Steward itself'
  said=$(service_config_test "$1" 2>&1 </dev/null) || {
    say "not restarted, for its own configuration test fails: $said"
    return 78
  }
  if service_runs_untested "$1" >/dev/null 2>&1 </dev/null; then
    say 'not restarted, for it runs, and steward.yml names no test of its configuration: write one, as config_test of the service, or [] for none'
    return 78
  fi
  service_restart "$1" </dev/null
}

# while_running <container> <words of a test...>
# Nothing can be tested in a container that does not run, and nothing of it is taken down by a restart.
while_running() {
  condition=$(docker inspect --type=container --format='{{.State.Status}}' -- "$1") || return 1
  [ "$condition" = running ] || return 0
  shift
  "$@"
}
