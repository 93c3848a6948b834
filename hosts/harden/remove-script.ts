import type { Inventory } from '../../inventory/schema/inventory.ts';
import { dispatcherPath } from '../call-verb.ts';

/** A fix that is under way may end by itself; no verb may take longer than 10 minutes, and most take seconds. */
const PATIENCE_SECONDS = 600;

/**
 * Writes the script that takes everything away again that `hardenScript` and what it made have put on a host. The account can start nothing any more
 * before anything else goes; what it has started is waited for, since a fix that is cut off in its midst would be worse, and would write its record anew.
 */
export function removeScript(inventory: Inventory, hostId: string): string {
  const user = inventory.hosts[hostId]?.user;
  if (user === undefined) throw new TypeError(`no host ${hostId}`);
  return `#!/bin/sh
# Takes away all that \`steward host harden ${hostId}\` put on this host, and what was recorded there since. Run it as root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'run this as root' >&2; exit 1; }
rm -f /etc/sudoers.d/${user} /var/lib/${user}/.ssh/authorized_keys
# Ends the processes of the account, such as a connection that is still open; an account in use cannot be deleted.
end_processes() {
  ended=0
  for process in /proc/[0-9]*; do
    [ "$(stat -c %U "$process" 2>/dev/null)" = ${user} ] || continue
    kill -KILL "\${process#/proc/}" 2>/dev/null || true
    ended=1
  done
  [ "$ended" = 0 ]
}
# What root does for the account.
is_at_work() {
  for process in /proc/[0-9]*; do
    if tr '\\0' '\\n' <"$process/cmdline" 2>/dev/null | grep -qxF ${dispatcherPath(user)}; then return 0; fi
  done
  return 1
}
kept=''
case $(getent passwd ${user} | cut -d: -f6) in
  '') ;;
  /var/lib/${user}) until end_processes; do sleep 0.1; done ;;
  *) kept='the account ${user} was there before Steward, and stays' ;;
esac
waited=0
while is_at_work; do
  [ "$waited" -gt 0 ] || echo 'a fix is under way; this waits for its end' >&2
  [ "$waited" -lt ${PATIENCE_SECONDS * 10} ] || { echo 'it does not end; end it, and run this again' >&2; exit 1; }
  waited=$((waited + 1))
  sleep 0.1
done
if [ -z "$kept" ] && id ${user} >/dev/null 2>&1; then userdel ${user}; fi
if [ -z "$kept" ] && getent group ${user} >/dev/null; then groupdel ${user}; fi
rm -rf /usr/local/lib/${user} /var/lib/${user} /run/sudo/ts/${user} /var/lib/sudo/ts/${user} /var/lib/sudo/lectured/${user}
rm -f /var/log/${user}-dispatch.log /var/log/${user}-dispatch.log.* /var/log/${user}-dispatch-reads.log*
[ -z "$kept" ] || echo "$kept"
echo 'gone: the keys, the sudo rule, the dispatcher, its records and its log, and the account ${user} where it was made for them'
`;
}
