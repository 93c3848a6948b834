import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { recordedLabs, type RecordedLab } from '../../lab/stack/leftovers.ts';
import { processesWith } from '../helpers/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run -s demo` as a person calls it. */
export interface RunningDemo {
  /** What it has written for people so far. */
  said(): string;
  /** The lab's record on this machine, once it says that it has come to its hardening. */
  lab(): Promise<RecordedLab>;
  /** Presses a key, where it has a terminal. */
  press(key: string): void;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ code: number | null; stdout: string }>;
}

/** Starts it without a terminal: people read standard error. */
export function startDemo(...args: string[]): RunningDemo {
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...args], { cwd: root, stdio: 'pipe' });
  child.stdin.end();
  return follow(child, child.stderr, text(child.stdout));
}

/** Starts it in a terminal of its own. */
export function startDemoInTerminal(...args: string[]): RunningDemo {
  const command = ['npm run -s demo --', ...args].join(' ');
  const child = spawn('script', ['-qfec', command, '/dev/null'], { cwd: root, stdio: 'pipe' });
  return follow(child, child.stdout, Promise.resolve(''));
}

function follow(
  child: ChildProcessWithoutNullStreams,
  forPeople: Readable,
  stdout: Promise<string>,
): RunningDemo {
  let said = '';
  forPeople.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    said: () => said,
    lab: () => labIn(() => said),
    press: (key) => void child.stdin.write(key),
    kill: (signal) => void child.kill(signal),
    ended: closed.then(async ([code]) => ({ code, stdout: await stdout })),
  };
}

async function labIn(said: () => string): Promise<RecordedLab> {
  const user = await waitUntil(() => /for the account (steward-lab-\w+)/.exec(said())?.[1], {
    what: 'the demo to come to its hardening',
    timeoutMs: 60_000,
    explain: said,
  });
  const found = (await recordedLabs()).find((lab) => lab.user === user);
  if (found === undefined) throw new Error(`the demo keeps no record of ${user}`);
  return found;
}

/** What is left of a lab on this machine, one line for each thing. */
export async function tracesOf({ user, state }: RecordedLab): Promise<string[]> {
  const accounts = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith(user));
  const folders = [
    '/etc/sudoers.d',
    '/usr/local/lib',
    '/var/lib',
    '/var/log',
    '/var/lib/steward-lab',
    '/tmp',
  ];
  const files = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const own = files.flat().filter((name) => name.includes(user) || state.folder.endsWith(`/${name}`));
  const processes = await processesWith(state.folder);
  return [...accounts, ...own, ...processes.map((id) => `process ${id}`)];
}
