import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { waitUntil } from './wait-until.ts';

/** A server to be started as a child. */
export interface ProcessDescription {
  /** What it is called in messages. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** Its standard output and error go here. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The Debian package that brings the program, for the message where it is missing. */
  readonly debianPackage?: string;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child that runs, and ends with its parent even when the parent is killed. */
export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when it has ended. */
  readonly ended: Promise<ProcessEnd>;
  hasEnded(): boolean;
  /** The end of what it has written so far. */
  logTail(): string;
  /** Waits until the condition holds; fails at once when the process ends instead, with the end of its log. */
  untilReady(condition: () => Promise<boolean>, timeoutMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and kills it where it does not within the time. */
  stop(graceMs?: number): Promise<void>;
}

const LOG_TAIL_CHARACTERS = 2000;

/**
 * Starts a program in the foreground. It runs under `setpriv --pdeathsig`, so that it gets SIGTERM when this process
 * dies, however that happens. Rejects where the program is missing, naming the package that brings it.
 */
export async function startProcess(description: ProcessDescription): Promise<RunningProcess> {
  const { name, argv, logFile } = description;
  const log = openSync(logFile, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...argv], {
    stdio: ['ignore', log, log],
    ...(description.cwd === undefined ? {} : { cwd: description.cwd }),
    ...(description.env === undefined ? {} : { env: description.env }),
  });
  closeSync(log);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  await started(child, description);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const logTail = () => readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS);
  return {
    name,
    pid: child.pid ?? -1,
    ended,
    hasEnded,
    logTail,
    untilReady: (condition, timeoutMs = 30_000) =>
      untilReady({ description, hasEnded, logTail, condition, timeoutMs }),
    kill: (signal) => void child.kill(signal),
    stop: (graceMs = 10_000) => stop(child, ended, hasEnded, graceMs),
  };
}

async function started(child: ChildProcess, { name }: ProcessDescription): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      reject(
        new Error(`${name} could not be started: setpriv is missing; install the package util-linux`, {
          cause,
        }),
      );
    });
  });
}

async function untilReady(wait: {
  description: ProcessDescription;
  hasEnded: () => boolean;
  logTail: () => string;
  condition: () => Promise<boolean>;
  timeoutMs: number;
}): Promise<void> {
  const { description, hasEnded, logTail, condition, timeoutMs } = wait;
  const ready = await waitUntil(async () => (hasEnded() ? 'ended' : (await condition()) && 'ready'), {
    what: `${description.name} to be ready`,
    timeoutMs,
    explain: logTail,
  });
  if (ready === 'ended') {
    const hint = description.debianPackage === undefined ? '' : ` (package ${description.debianPackage})`;
    throw new Error(`${description.name}${hint} ended at once:\n${logTail()}`);
  }
}

async function stop(
  child: ChildProcess,
  ended: Promise<ProcessEnd>,
  hasEnded: () => boolean,
  graceMs: number,
): Promise<void> {
  if (hasEnded()) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
