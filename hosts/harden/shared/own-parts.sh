# What heals must not take itself away, nor what proves its fixes. inventory/policies/own-parts.ts has the same names.
is_own_service() {
  ! is_own_engine "$1" || return 0
  case ${1%.service} in steward | steward[-_.@]* | prometheus | alertmanager | prometheus-alertmanager) ;; *) return 1 ;; esac
}
