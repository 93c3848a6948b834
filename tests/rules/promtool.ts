import { homedir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../lab/parts/run-command.ts';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');

/**
 * The generations that rules and configuration must suit: Debian 12's, and the one in the image. `npm test`
 * installs both.
 */
export const promtools = [
  { generation: '2.42', program: '/usr/bin/promtool' },
  { generation: '3.5', program: path.join(cache, 'steward/sid/promtool/usr/bin/promtool') },
] as const;

/** Runs promtool and returns all it printed; rejects with that where the exit status is not 0. */
export async function runPromtool(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runCommand([program, ...args]);
  return stdout + stderr;
}
