import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../parts/run-command.ts';

/** What a lab puts on the machine outside its folder, and how it is reached: written down before it is made. */
export interface LabState {
  readonly pid: number;
  readonly folder: string;
  /** The script that takes the account away again. */
  readonly removeScript: string;
  /** The socket on which a running demo takes the names of faults. */
  readonly controlSocket: string;
}

const STATES = join(tmpdir(), 'steward-labs');

/** Writes a lab's state down, so that whatever happens to it, the next one can clean up. */
export async function recordLab(user: string, state: LabState): Promise<void> {
  await mkdir(STATES, { recursive: true, mode: 0o700 });
  await writeFile(join(STATES, `${user}.json`), JSON.stringify(state), { mode: 0o600 });
}

/** Takes away what a lab left outside its folder, and forgets it. */
export async function removeLab(user: string, { removeScript, folder }: LabState): Promise<void> {
  await runCommand(['sh'], { stdin: removeScript });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  await rm(join(STATES, `${user}.json`), { force: true });
}

/** The labs that were started and not ended. */
export async function recordedLabs(): Promise<{ user: string; state: LabState; isRunning: boolean }[]> {
  const files = await readdir(STATES).catch(() => []);
  return Promise.all(
    files.map(async (file) => {
      const state = JSON.parse(await readFile(join(STATES, file), 'utf8')) as LabState;
      return { user: file.replace(/\.json$/, ''), state, isRunning: isAlive(state.pid) };
    }),
  );
}

/** Takes away what labs that were killed have left behind. */
export async function removeLeftovers(): Promise<void> {
  for (const { user, state, isRunning } of await recordedLabs()) {
    if (!isRunning) await removeLab(user, state);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
