import { runQuiet } from '../run-quiet.ts';
import { SHIPPED } from './own-files.ts';

/** Those of some files that this repository ships and that are in a clone as it was checked out, so that git has them. Without git there are none. */
export async function filesAsShipped(folder: string, files: readonly string[]): Promise<string[]> {
  const candidates = files.filter((path) => SHIPPED.includes(path));
  if (candidates.length === 0) return [];
  const tracked = await git(folder, ['ls-files', '--', ...candidates]);
  const changed = await git(folder, ['diff', '--name-only', '--relative', 'HEAD', '--', ...candidates]);
  if (tracked === undefined || changed === undefined) return [];
  return candidates.filter((path) => tracked.includes(path) && !changed.includes(path));
}

/** The lines of its answer; undefined where it has none. */
async function git(folder: string, args: readonly string[]): Promise<string[] | undefined> {
  const { exitCode, stdout } = await runQuiet(['git', '-C', folder, ...args]);
  return exitCode === 0 ? stdout.split('\n') : undefined;
}
