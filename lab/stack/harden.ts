import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hardenScript } from '../../hosts/harden/harden-script.ts';
import { removeScript } from '../../hosts/harden/remove-script.ts';
import { loadInventory } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { actVerbsOf } from '../../remediator/actions.ts';

/** The scripts of `steward host harden` and `steward host remove` for the lab's host. */
export interface HostScripts {
  readonly harden: string;
  readonly remove: string;
}

/** Writes both from the lab's steward.yml and the public halves of its keys. */
export async function hostScripts(folder: string): Promise<HostScripts> {
  const loaded = await loadInventory(join(folder, 'steward.yml'));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { inventory } = loaded;
  const publicKey = (role: string) => readFile(join(folder, 'secrets', role, 'lab.pub'), 'utf8');
  const keys = { readPublicKey: await publicKey('read'), actPublicKey: await publicKey('act') };
  return {
    harden: await hardenScript(inventory, 'lab', keys, actVerbsOf(inventory)),
    remove: removeScript(inventory, 'lab'),
  };
}
