import type { HostEntry } from './schema/host.ts';

/** The name by which docker-compose.yml lets containers reach the machine that they run on. */
export const CONTAINERS_HOST = 'host.docker.internal';

/** Whether the exporter itself sees what the kernel of a host says: it runs there, or has the host's root mounted. */
export function isSeenHere({ local, mounted_at }: Pick<HostEntry, 'local' | 'mounted_at'>): boolean {
  return local === true || mounted_at !== undefined;
}

/** The one host that the exporter itself sees, by its id; undefined where steward.yml names none. */
export function hostSeenHere(hosts: Readonly<Record<string, HostEntry>>): string | undefined {
  return Object.entries(hosts).find(([, host]) => isSeenHere(host))?.[0];
}

/** Whether Steward's own containers run on a host. */
export function runsContainers({ address, mounted_at }: Pick<HostEntry, 'address' | 'mounted_at'>): boolean {
  return address === CONTAINERS_HOST || mounted_at !== undefined;
}
