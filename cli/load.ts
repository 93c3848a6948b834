import { loadInventory, type LoadedInventory } from '../inventory/load.ts';
import { formatProblem } from '../inventory/problem.ts';
import type { HostEntry } from '../inventory/schema/host.ts';
import { CommandError } from './command.ts';

/** Loads steward.yml. Rejects with a CommandError that names every problem where it is wrong. */
export async function loadGood(configFile: string): Promise<LoadedInventory> {
  const loaded = await loadInventory(configFile);
  if (!loaded.ok) throw new CommandError(loaded.problems.map(formatProblem).join('\n'));
  return loaded;
}

/** The host of that id. Throws a CommandError that names those there are. */
export function hostNamed({ inventory }: LoadedInventory, id: string): HostEntry {
  const host = Object.hasOwn(inventory.hosts, id) ? inventory.hosts[id] : undefined;
  if (host !== undefined) return host;
  const known = Object.keys(inventory.hosts).join(', ');
  throw new CommandError(
    `steward.yml has no host ${JSON.stringify(id)}; it has ${known === '' ? 'none' : known}`,
  );
}
