import { lookup } from 'node:dns/promises';
import type { LoadedInventory } from '../inventory/load.ts';
import { CONTAINERS_HOST } from '../inventory/own-machine.ts';
import type { HostEntry } from '../inventory/schema/host.ts';

/**
 * Where an address is reached from where this command runs. The name that containers have for their machine is known inside of them and, by
 * Docker Desktop, on the machine; where it is not, this is that machine.
 */
export async function addressFromHere(address: string): Promise<string> {
  if (address !== CONTAINERS_HOST) return address;
  return lookup(address).then(
    () => address,
    () => '127.0.0.1',
  );
}

/** The same of all hosts. What is mounted into the exporter's container is not to be found here, so it is asked over SSH, too. */
export async function inventoryFromHere(loaded: LoadedInventory): Promise<LoadedInventory> {
  const fromHere = async (host: HostEntry): Promise<HostEntry> => ({
    ...host,
    ...(host.address === undefined ? {} : { address: await addressFromHere(host.address) }),
    mounted_at: undefined,
  });
  const hosts = await Promise.all(
    Object.entries(loaded.inventory.hosts).map(async ([id, host]) => [id, await fromHere(host)] as const),
  );
  return { ...loaded, inventory: { ...loaded.inventory, hosts: Object.fromEntries(hosts) } };
}
