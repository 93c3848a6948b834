verb_service_restart() {
  case " $services " in *" $1 "*) ;; *) refuse 'no such service' ;; esac
  service_restart "$1" </dev/null
}
