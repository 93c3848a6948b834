import { readFile } from 'node:fs/promises';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { dispatcherPath } from '../call-verb.ts';
import type { SentVerb } from '../verbs.ts';
import { makeDispatcher, type Dispatcher } from './dispatcher.ts';

/** What pools of PHP-FPM run; `open_basedir` of a pool may name the folder. */
const programs = ['opcache-status.php', 'opcache-reset.php'] as const;

/** The public halves of a host's two keys, as lines for authorized_keys. */
export interface HostKeys {
  readonly readPublicKey: string;
  readonly actPublicKey: string;
}

/**
 * Writes the script that root runs once on a host: the account, its two keys, the dispatcher, and the sudo rule for it.
 * Running it again brings everything up to date.
 */
export async function hardenScript(
  inventory: Inventory,
  hostId: string,
  keys: HostKeys,
  actVerbs: ReadonlySet<SentVerb>,
): Promise<string> {
  const dispatcher = await makeDispatcher(inventory, hostId, actVerbs);
  const scripts = await Promise.all(
    programs.map(async (name) => fileFromHere(`$work/${name}`, await part(`programs/${name}`))),
  );
  const user = userOf(inventory, hostId);
  return [
    opening(hostId, user),
    fileFromHere('$work/dispatch', dispatcher.dispatch),
    ...[...dispatcher.parts].map(([path, text]) => fileFromHere(`$work/parts/${path}`, text)),
    ...scripts,
    fileFromHere('$work/authorized_keys', authorizedKeys(user, keys)),
    fileFromHere('$work/sudoers', sudoers(user)),
    installation(user, dispatcher),
  ].join('\n');
}

function part(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

function userOf(inventory: Inventory, hostId: string): string {
  const host = inventory.hosts[hostId];
  if (host === undefined) throw new TypeError(`no host ${hostId}`);
  return host.user;
}

function opening(hostId: string, user: string): string {
  return `#!/bin/sh
# Sets ${hostId} up for Steward. Read it, then run it as root. It makes:
#   the account ${user}, which has no password and two keys that can each do just one thing: call the dispatcher
#   ${dispatcherPath(user)}, the dispatcher: it takes the verbs that it lists, and nothing else
#   what these do, in a folder beside it: a file for each verb, and the PHP that some of them have the owners of sites run
#   ${programs.join(', ')} beside it, which PHP-FPM runs
#   /etc/sudoers.d/${user}, which lets the account run the dispatcher as root, and nothing else
set -eu
umask 077
[ "$(id -u)" = 0 ] || { echo 'run this as root' >&2; exit 1; }
need() {
  command -v "$1" >/dev/null 2>&1 || { echo "$1 is missing; on Debian or Ubuntu: apt-get install $2" >&2; exit 1; }
}
need sudo sudo
need visudo sudo
need setpriv util-linux
need flock util-linux
need timeout coreutils
need useradd passwd
need xargs findutils
find / -maxdepth 0 -printf '' 2>/dev/null || { echo 'GNU find is needed' >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/parts/verbs" "$work/parts/php"
`;
}

/** A here-document that the shell takes as it is; its end cannot stand in what Steward generates. */
function fileFromHere(path: string, text: string): string {
  const end = 'END_OF_STEWARD_FILE';
  if (text.split('\n').includes(end)) throw new TypeError(`a line of the file is ${end}`);
  return `cat >"${path}" <<'${end}'\n${text}${text.endsWith('\n') ? '' : '\n'}${end}\n`;
}

function authorizedKeys(user: string, { readPublicKey, actPublicKey }: HostKeys): string {
  const line = (role: string, key: string) =>
    `restrict,command="exec sudo -n ${dispatcherPath(user)} ${role}" ${checkedKey(key)}`;
  return `${line('read', readPublicKey)} steward-read\n${line('act', actPublicKey)} steward-act\n`;
}

function checkedKey(key: string): string {
  const match = /^(ssh-[a-z0-9-]+|ecdsa-sha2-[a-z0-9-]+) [A-Za-z0-9+/=]+/.exec(key.trim());
  if (match === null) throw new TypeError('not a public key in OpenSSH format');
  return match[0];
}

/** The account may run the dispatcher with any words: it checks them itself, and takes them from the forced command. */
function sudoers(user: string): string {
  const path = dispatcherPath(user);
  return `Defaults!${path} env_keep += "SSH_ORIGINAL_COMMAND", !requiretty, !use_pty, !syslog
${user} ALL=(root) NOPASSWD: ${path}
`;
}

function installation(user: string, { partsPath }: Dispatcher): string {
  return `visudo -cqf "$work/sudoers"
for script in "$work/dispatch" "$work"/parts/*.sh "$work"/parts/verbs/*.sh; do sh -n "$script"; done
if ! id ${user} >/dev/null 2>&1; then
  # "*" is a password that nothing matches; "!" would lock the account, which sshd refuses.
  useradd --system --shell /bin/sh --home-dir /var/lib/${user} --no-create-home --password '*' ${user}
fi
# All of it belongs to root: the account cannot change its own keys.
install -d -o root -g root -m 0755 /usr/local/lib/${user} /var/lib/${user} /var/lib/${user}/.ssh
install -d -o root -g root -m 0700 /var/lib/${user}/snapshots
for script in ${programs.join(' ')}; do
  install -o root -g root -m 0644 "$work/$script" "/usr/local/lib/${user}/$script.new"
  mv "/usr/local/lib/${user}/$script.new" "/usr/local/lib/${user}/$script"
done
chmod -R u=rwX,go=rX "$work/parts"
rm -rf ${partsPath}.new
cp -Rp "$work/parts" ${partsPath}.new
rm -rf ${partsPath}
mv ${partsPath}.new ${partsPath}
install -o root -g root -m 0755 "$work/dispatch" /usr/local/lib/${user}/dispatch.new
mv /usr/local/lib/${user}/dispatch.new ${dispatcherPath(user)}
# A call that is under way goes on with the parts that it began with; those of before that are gone.
touch ${partsPath}
ls -1dt /usr/local/lib/${user}/parts-* | tail -n +3 | xargs -r rm -rf
install -o root -g root -m 0644 "$work/authorized_keys" /var/lib/${user}/.ssh/authorized_keys.new
mv /var/lib/${user}/.ssh/authorized_keys.new /var/lib/${user}/.ssh/authorized_keys
install -o root -g root -m 0440 "$work/sudoers" /etc/sudoers.d/${user}
echo 'done: the account ${user}, ${dispatcherPath(user)} and /etc/sudoers.d/${user}'
`;
}
