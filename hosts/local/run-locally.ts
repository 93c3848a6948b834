import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createCappedOutput } from '../capped-output.ts';
import type { Command, Outcome } from '../host.ts';
import { neverStarted } from '../never-started.ts';
import { DRAIN_IDLE_MS, KILL_AFTER_SECONDS, timedOutReason } from '../time-limit.ts';

/** How a process ended, as Node tells it. */
interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a command on this machine. Never rejects; where the wait is cut short, its process group is ended. */
export function runLocally(command: Command): Promise<Outcome> {
  const [program, ...args] = command.argv;
  if (command.signal?.aborted === true || command.mayStart?.() === false) {
    return Promise.resolve(neverStarted('aborted before it was started', 'aborted'));
  }
  try {
    // A group of its own, so that what the command started ends with it.
    return follow(spawn(program, args, { detached: true, stdio: 'pipe' }), command);
  } catch (error) {
    return Promise.resolve(neverStarted(error instanceof Error ? error.message : String(error)));
  }
}

async function follow(child: ChildProcessWithoutNullStreams, command: Command): Promise<Outcome> {
  const output = createCappedOutput(command.outputLimitBytes);
  child.stdout.on('data', output.addStdout);
  child.stderr.on('data', output.addStderr);
  // A command may end without reading its input; the broken pipe is no failure of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.stdin ?? '');
  const limit = limitTime(child, command);
  try {
    const exit = await Promise.race([endOf(child), limit.givenUp]);
    if (exit instanceof Error) return neverStarted(exit.message);
    return { ...outcomeOf(exit, limit.cutShort()), ...output.read() };
  } finally {
    limit.lift();
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  }
}

/** Ends the group by SIGTERM when the time is over or the signal aborts, by SIGKILL a while later, and then gives it up. */
function limitTime(child: ChildProcessWithoutNullStreams, { timeoutSeconds, signal }: Command) {
  const givenUp = Promise.withResolvers<Exit>();
  const timers: NodeJS.Timeout[] = [];
  let reason: string | undefined;
  const cut = (why: string) => {
    if (reason !== undefined) return;
    reason = why;
    signalGroup(child, 'SIGTERM');
    const kill = () => signalGroup(child, 'SIGKILL');
    const giveUp = () => givenUp.resolve({ code: null, signal: null });
    timers.push(setTimeout(kill, KILL_AFTER_SECONDS * 1000));
    timers.push(setTimeout(giveUp, (KILL_AFTER_SECONDS + 1) * 1000));
  };
  const onAbort = () => cut('aborted while it ran');
  timers.push(setTimeout(() => cut(timedOutReason(timeoutSeconds)), timeoutSeconds * 1000));
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    /** Resolves where even SIGKILL did not end it: it may belong to another account, or wait for a disk. */
    givenUp: givenUp.promise,
    cutShort: () => reason,
    lift() {
      timers.forEach((timer) => clearTimeout(timer));
      // Whoever of the group outlived its leader.
      if (reason !== undefined) signalGroup(child, 'SIGKILL');
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself, or belongs to another account: what follows from that is decided by who waits.
  }
}

/** Resolves once the process and its output have ended, or with the error where it was never started. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<Exit | Error> {
  return new Promise((resolve) => {
    let drain: NodeJS.Timeout | undefined;
    const refresh = () => void drain?.refresh();
    child.stdout.on('data', refresh);
    child.stderr.on('data', refresh);
    child.once('error', resolve);
    child.once('exit', (code, signal) => {
      drain = setTimeout(() => resolve({ code, signal }), DRAIN_IDLE_MS);
    });
    child.once('close', (code, signal) => {
      clearTimeout(drain);
      resolve({ code, signal });
    });
  });
}

function outcomeOf({ code, signal }: Exit, cutShort: string | undefined) {
  if (cutShort !== undefined) return { kind: 'unknown', reason: cutShort } as const;
  if (code === 0) return { kind: 'succeeded' } as const;
  if (code !== null) return { kind: 'failed', exitCode: code, reason: `exit code ${code}` } as const;
  return { kind: 'unknown', reason: `ended by ${signal ?? 'a signal'}` } as const;
}
