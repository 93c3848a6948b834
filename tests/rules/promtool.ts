import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');

/** The generations that the rules and the configuration must suit: Debian 12's, and the one in the images. */
export const promtools = [
  { generation: '2.42', program: '/usr/bin/promtool' },
  { generation: '3.5', program: path.join(cache, 'steward/sid/promtool/usr/bin/promtool') },
] as const;

/** Runs promtool and returns all it printed; rejects with it where the exit status is not 0. */
export async function runPromtool(program: string, args: readonly string[]): Promise<string> {
  await access(program).catch(() => {
    throw new Error(`${program} is not there: \`npm test\` installs it`);
  });
  const { stdout, stderr } = await promisify(execFile)(program, args);
  return stdout + stderr;
}
