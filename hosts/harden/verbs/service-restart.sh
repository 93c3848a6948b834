verb_service_restart() {
  case " $services " in *" $1 "*) ;; *) refuse 'no such service' ;; esac
  restart_service "$1"
}
