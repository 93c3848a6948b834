import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Inventory } from '../inventory/schema/inventory.ts';
import { CommandError, type Terminal } from './command.ts';
import { forOwnStack } from './own-stack.ts';

/** Files that ship, and where they go. */
interface OwnFiles {
  readonly shipped: URL;
  readonly folder: string;
  readonly inventory: Inventory;
}

/** Prometheus and Grafana read them as accounts of their own. There is no secret in them. */
const MODES = { file: 0o644, folder: 0o755 };

/** Writes files that ship into a folder as they are to be in the operator's own stack, and prints the path of each. */
export async function writeForOwnStack(
  { shipped, folder, inventory }: OwnFiles,
  { print }: Terminal,
): Promise<void> {
  const target = resolve(folder);
  const own = fileURLToPath(shipped);
  if (target === resolve(own)) {
    throw new CommandError(`what ships in ${own} stays as it is; name another folder, such as data/own`);
  }
  const ofOperator = forOwnStack(inventory);
  if ((await mkdir(target, { recursive: true })) !== undefined) await chmod(target, MODES.folder);
  for (const name of (await readdir(shipped)).toSorted()) {
    const text = await readFile(new URL(name, shipped), 'utf8');
    const file = join(target, name);
    await writeFile(file, ofOperator(text));
    await chmod(file, MODES.file);
    print(`${file}\n`);
  }
}
