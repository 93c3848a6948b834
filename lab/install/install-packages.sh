#!/bin/sh
# Installs Debian packages so that no service of this machine is started, enabled or restarted by it.
# Usage, as root: install-packages.sh [--quiet] package...
#
# What it changes for the time being it puts back at its end, also after a failure or Ctrl-C; where it was killed, the
# next run does so first.
set -eu

policy=/usr/sbin/policy-rc.d
aside=/usr/sbin/policy-rc.d.kept-by-steward
mark='# Written by the lab of Steward for the time of an installation.'
state=/var/lib/steward-install

quiet=
if [ "${1-}" = --quiet ]; then
  quiet=yes
  shift
fi

# The links by which a service is started at boot. The number in a link of SysV init may change; so it is left out.
start_links() {
  {
    find /etc/systemd/system -type l \( -path '*.wants/*' -o -path '*.requires/*' \) 2>/dev/null || true
    find /etc/rc?.d -name 'S[0-9][0-9]*' 2>/dev/null | sed 's|/S[0-9][0-9]|/S|' || true
  } | LC_ALL=C sort -u
}

remove_new_start_links() {
  start_links >"$state/after"
  LC_ALL=C comm -13 "$state/before" "$state/after" >"$state/new"
  while read -r link; do
    case $link in
      /etc/systemd/*) rm -f -- "$link" ;;
    esac
  done <"$state/new"
  sed -n 's|^/etc/rc.\.d/S||p' "$state/new" | sort -u >"$state/new-names"
  while read -r name; do
    update-rc.d "$name" disable </dev/null >&2 || echo "could not disable $name at boot" >&2
  done <"$state/new-names"
}

put_back() {
  if [ -f "$state/before" ]; then remove_new_start_links; fi
  if [ -f "$policy" ] && grep -qxF "$mark" "$policy"; then rm -f -- "$policy"; fi
  if [ -e "$aside" ] || [ -L "$aside" ]; then mv -f -- "$aside" "$policy"; fi
  rm -rf -- "$state"
}

finish() {
  status=$?
  trap '' HUP INT TERM
  set +e
  if [ "$status" -ne 0 ] && [ -n "$quiet" ] && [ -f "$state/log" ]; then tail -n 60 "$state/log" >&2; fi
  put_back
  exit "$status"
}

apt() {
  if [ -n "$quiet" ]; then
    apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$state/log" 2>&1 9>&-
  else
    apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2 9>&-
  fi
}

mkdir -p /run/lock
exec 9>/run/lock/steward-install.lock
flock 9

if [ -d "$state" ]; then put_back; fi
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$state"
start_links >"$state/before.part"
mv "$state/before.part" "$state/before"
if [ -e "$policy" ] || [ -L "$policy" ]; then mv -- "$policy" "$aside"; fi
printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"

# Ubuntu's needrestart would restart services that use an upgraded library.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l
apt update || echo 'apt-get update failed; trying with the lists that are there' >&2
apt install -y --no-install-recommends -- "$@"
