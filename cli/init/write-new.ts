import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { CommandError } from '../command.ts';
import { loadInventory } from '../../inventory/load.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import type { Problem } from '../../inventory/problem.ts';

/** As a copy of steward.example.yml has it: the containers' own accounts read it. It holds no secret. */
const MODE = 0o644;

/**
 * Writes a steward.yml where none stands, if it is good. Returns what is wrong with it, and then has written nothing. The file is there whole or not
 * at all. Rejects with a CommandError where something stands there.
 */
export async function writeNew(path: string, text: string): Promise<readonly Problem[]> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  const removeNow = () => void rm(temporary, { force: true }).finally(() => process.exit(130));
  process.once('SIGINT', removeNow);
  try {
    await using file = await open(temporary, 'wx', MODE);
    await file.writeFile(text);
    // Whatever the umask of the shell is.
    await file.chmod(MODE);
    await file.sync();
    const loaded = await loadInventory(temporary);
    const problems = loaded.ok ? checkPolicies(loaded) : loaded.problems;
    // A link, unlike a rename, never takes the place of what is there.
    if (problems.length === 0) await link(temporary, path);
    return problems;
  } catch (error) {
    throw standsThere(error) ? new CommandError(occupied(path), { cause: error }) : error;
  } finally {
    process.off('SIGINT', removeNow);
    await rm(temporary, { force: true });
  }
}

/** What is said where a file is in the way. */
export function occupied(path: string): string {
  return `${path} is there already, and stays as it is: to look again, name another file with --config, and take over from there what you want`;
}

function standsThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
