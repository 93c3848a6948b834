import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { killProcessesIn } from '../parts/kill-processes.ts';
import { runCommand } from '../parts/run-command.ts';
import { databaseFolderOf } from '../site/mariadb.ts';
import { workingFolderOf } from '../site/supervisor.ts';

/** What a lab puts on the machine, and how it is reached: written down before it is made. */
export interface LabState {
  readonly pid: number;
  /** When that process was started, in the kernel's ticks; another one may get its id. */
  readonly startTicks: string;
  readonly folder: string;
  /** The script that takes the account away again, once there may be one. */
  readonly removeScript?: string;
  /** The socket on which a running demo takes the names of faults. */
  readonly controlSocket: string;
}

/** A state that was found. */
export interface RecordedLab {
  readonly user: string;
  readonly state: LabState;
  readonly isRunning: boolean;
}

/** Only root can write here: what stands in a state is run as root. */
const STATES = '/var/lib/steward-lab';

/** The state of a lab of this process, before anything was made. */
export async function stateOfNewLab(folder: string): Promise<LabState> {
  return {
    pid: process.pid,
    startTicks: (await startTicksOf(process.pid)) ?? '',
    folder,
    controlSocket: join(folder, 'control.sock'),
  };
}

/** Writes a lab's state down, so that whatever happens to it, the next one can clean up. */
export async function recordLab(user: string, state: LabState): Promise<void> {
  await mkdir(STATES, { recursive: true, mode: 0o700 });
  const file = join(STATES, `${user}.json`);
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Takes away what a lab has left: its account, its processes, its folder, and then its state. */
export async function removeLab(user: string): Promise<void> {
  const state = await readState(user);
  if (state === undefined) return;
  if (state.removeScript !== undefined) await runCommand(['sh'], { stdin: state.removeScript });
  await killProcessesIn(workingFolderOf(state.folder));
  await killProcessesIn(databaseFolderOf(state.folder));
  await rm(state.folder, { recursive: true, force: true, maxRetries: 5 });
  await rm(join(STATES, `${user}.json`), { force: true });
  await rmdir(STATES).catch(() => undefined);
}

/** The labs that were started and not ended. */
export async function recordedLabs(): Promise<RecordedLab[]> {
  const files = (await readdir(STATES).catch(() => [])).filter((file) => file.endsWith('.json'));
  const labs = await Promise.all(
    files.map(async (file) => {
      const user = basename(file, '.json');
      const state = await readState(user);
      return state === undefined ? [] : [{ user, state, isRunning: await isRunning(state) }];
    }),
  );
  return labs.flat();
}

/** Takes away what labs that were killed have left behind. */
export async function removeLeftovers(): Promise<void> {
  for (const { user, isRunning } of await recordedLabs()) {
    if (!isRunning) await removeLab(user);
  }
}

async function readState(user: string): Promise<LabState | undefined> {
  const text = await readFile(join(STATES, `${user}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabState);
}

async function isRunning({ pid, startTicks }: LabState): Promise<boolean> {
  return (await startTicksOf(pid)) === startTicks;
}

/** Field 22 of /proc/<pid>/stat; the second field, the name, may have blanks and brackets in it. */
async function startTicksOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
