import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { recordedLabs, type RecordedLab } from '../../lab/stack/leftovers.ts';
import { processesWith } from '../helpers/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run -s demo` as a person calls it, without a terminal. */
export interface RunningDemo {
  readonly pid: number;
  /** What it has written to standard error so far. */
  said(): string;
  /** The lab's record on this machine, once it says that it has come to its hardening. */
  lab(): Promise<RecordedLab>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ code: number | null; stdout: string }>;
}

/** Starts it. */
export function startDemo(...args: string[]): RunningDemo {
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const stdout = text(child.stdout);
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    pid: child.pid ?? -1,
    said: () => stderr,
    async lab() {
      const user = await waitUntil(() => /for the account (steward-lab-\w+)/.exec(stderr)?.[1], {
        what: 'the demo to come to its hardening',
        timeoutMs: 60_000,
        explain: () => stderr,
      });
      const found = (await recordedLabs()).find((lab) => lab.user === user);
      if (found === undefined) throw new Error(`the demo keeps no record of ${user}`);
      return found;
    },
    kill: (signal) => void child.kill(signal),
    ended: closed.then(async ([code]) => ({ code, stdout: await stdout })),
  };
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
