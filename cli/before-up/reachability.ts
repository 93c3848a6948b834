import { fetchHostKey } from '../../hosts/ssh/fetch-host-key.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { CONTAINERS_HOST } from '../../inventory/own-machine.ts';
import { addressFromHere } from '../from-here.ts';

const PUBLIC_NAME = /[.:]/;

/** Whether this machine should know a name: those without a dot are names of containers and of hosts files. */
export function isKnownHere(name: string): boolean {
  return PUBLIC_NAME.test(name) && name !== CONTAINERS_HOST;
}

/** Says which hosts have no host key pinned. */
export function pinProblems({ inventory }: LoadedInventory): string[] {
  return Object.entries(inventory.hosts)
    .filter(([, { local, host_key }]) => local !== true && host_key === undefined)
    .map(([id]) => `no host key is pinned for ${id}, so it cannot be reached: steward host trust ${id}`);
}

/** Says which hosts cannot be reached from here or show another key than the one that is pinned. A host that is down starts no less. */
export async function reachabilityWarnings({ inventory }: LoadedInventory): Promise<string[]> {
  const warnings = await Promise.all(
    Object.entries(inventory.hosts).map(async ([id, { address, port, host_key: pinned }]) => {
      if (address === undefined || pinned === undefined) return [];
      const reached = await addressFromHere(address);
      if (!isKnownHere(reached)) return [];
      return fetchHostKey(reached, port).then(
        ({ fingerprint }) =>
          fingerprint === pinned
            ? []
            : [
                `${id} shows another host key than steward.yml pins: steward host trust ${id}, once you know why`,
              ],
        (error: unknown) => [`${id} cannot be reached from here: ${messageOf(error)}`],
      );
    }),
  );
  return warnings.flat();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
