import { posix } from 'node:path';
import { isPostgresAddress } from '../journal-address.ts';
import { runsContainers } from '../own-machine.ts';
import type { Inventory } from '../schema/inventory.ts';
import type { HostEntry } from '../schema/host.ts';

/**
 * The units and containers that Steward consists of, and those that it cannot do without: Prometheus proves its fixes, and Alertmanager
 * sends it what to fix. The dispatcher holds the same list, hosts/harden/dispatcher.sh.
 */
const OWN_SERVICE =
  /^(?:steward(?:[-_.@].*)?|(?:prometheus|alertmanager|prometheus-alertmanager)(?:\.service)?)$/;

/** The units of the engine, which Steward's own containers cannot do without. A host that runs none of them may have it healed. */
export const ENGINE_SERVICES: readonly string[] = ['docker', 'dockerd', 'containerd', 'snap.docker.dockerd'];

/** PostgreSQL by the names that Debian, Red Hat and containers give it. */
const POSTGRES_SERVICE = /^postgres(?:ql)?(?:-[A-Za-z0-9._-]+)?$/;

/** Of a host, what says where it is. */
type Place = Pick<HostEntry, 'address' | 'mounted_at'> & { readonly local?: boolean | undefined };

/**
 * Whether a unit or container of that name on a host is a part of Steward, or the PostgreSQL that its journal is in: what heals must not take itself
 * away.
 */
export function isOwnService(name: string, host: Place, journal = ''): boolean {
  const unit = name.replace(/\.(?:service|socket)$/, '');
  return (
    OWN_SERVICE.test(name) ||
    (runsContainers(host) && ENGINE_SERVICES.includes(unit)) ||
    (POSTGRES_SERVICE.test(unit) && holdsJournal(host, journal))
  );
}

/** Whether the database of the journal is on a host, as far as its address says. */
function holdsJournal(host: Place, journal: string): boolean {
  if (!isPostgresAddress(journal)) return false;
  const name = URL.parse(journal)?.hostname ?? '';
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(name);
  return isHere ? host.local === true || runsContainers(host) : name === host.address;
}

/** The services of a host that its dispatcher has to know as Steward's own, beside those that are so everywhere. */
export function ownServicesOn(host: HostEntry, journal: string): readonly string[] {
  return host.services
    .map(({ name }) => name)
    .filter((name) => isOwnService(name, host, journal) && !isOwnService(name, {}));
}

/**
 * Where a host holds what is Steward's: what `steward host harden` puts there, where Steward itself is installed, and, on the machine that
 * it runs on, what must survive a restart. Of that, paths relative to steward.yml are left out.
 */
export function ownPathsOn(
  { user, local }: Pick<HostEntry, 'user' | 'local'>,
  { exporter, remediator }: Pick<Inventory, 'exporter' | 'remediator'>,
): readonly string[] {
  const kept = local === true ? [exporter.state_dir, posix.dirname(remediator.journal)] : [];
  return [
    `/usr/local/lib/${user}`,
    `/var/lib/${user}`,
    `/var/log/${user}-dispatch.log`,
    `/var/log/${user}-dispatch-reads.log`,
    `/etc/sudoers.d/${user}`,
    '/etc/steward',
    '/opt/steward',
    ...kept.filter((path) => path.startsWith('/')),
  ];
}

/** The first of Steward's paths that a path is, lies in, or has in it; undefined where there is none. */
export function ownPathHit(path: string, ownPaths: readonly string[]): string | undefined {
  return ownPaths.find((own) => isIn(path, own) || isIn(own, path));
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Programs whose words are names of services, containers or processes. */
const MANAGER = /\/(?:systemctl|service|rc-service|initctl|docker|podman|supervisorctl|pkill|killall)$/;

/** What a command names to a program that manages services, containers or processes; nothing where it is another program. */
export function namesToManager(words: readonly string[]): readonly string[] {
  if (!MANAGER.test(words[0] ?? '')) return [];
  return words.slice(1).flatMap((word) => [word, ...word.split(/[=,:]/)]);
}

/**
 * The first word of a command, by its index, that would hit a part of Steward on a host: one of its paths, or, for a program that manages
 * services, one of their names; among them, where the journal's address is given, that of its database. Undefined where there is none.
 */
export function ownPartInCommand(
  words: readonly string[],
  host: Place,
  ownPaths: readonly string[],
  journal = '',
): number | undefined {
  const isManager = MANAGER.test(words[0] ?? '');
  const at = words.findIndex((word) =>
    word
      .split(/[=,:]/)
      .some(
        (part) => (isManager && isOwnService(part, host, journal)) || ownPaths.some((own) => isIn(part, own)),
      ),
  );
  return at === -1 ? undefined : at;
}
