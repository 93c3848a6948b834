import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { lstat, open } from 'node:fs/promises';
import { createCappedOutput, DEFAULT_OUTPUT_LIMIT_BYTES, type CappedOutput } from '../capped-output.ts';
import { HostError, type Command, type FileStatus, type Host, type Outcome } from '../host.ts';

/** The machine that Steward itself runs on. Commands run as the account that Steward runs as. */
export function createLocalHost(id: string, user: string): Host {
  return {
    id,
    user,
    kind: 'local',
    run: runLocally,
    readFile: readLocalFile,
    stat: statLocally,
    close: () => Promise.resolve(),
  };
}

function runLocally(command: Command): Promise<Outcome> {
  const [program, ...args] = command.argv;
  if (command.signal?.aborted === true) return Promise.resolve(neverStarted('aborted before it was started'));
  try {
    // A group of its own, so that what the command started ends with it.
    return follow(spawn(program, args, { detached: true, stdio: 'pipe' }), command);
  } catch (error) {
    return Promise.resolve(neverStarted(messageOf(error)));
  }
}

function follow(child: ChildProcessWithoutNullStreams, command: Command): Promise<Outcome> {
  const limit = command.outputLimitBytes ?? DEFAULT_OUTPUT_LIMIT_BYTES;
  const stdout = createCappedOutput(limit);
  const stderr = createCappedOutput(limit);
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  // A command may end without reading its input; the broken pipe is no failure of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.stdin ?? '');
  return new Promise((resolve) => {
    let cutShort: string | undefined;
    const cut = (reason: string) => {
      cutShort ??= reason;
      killGroup(child);
    };
    const timer = setTimeout(
      () => cut(`timed out after ${command.timeoutSeconds} s`),
      command.timeoutSeconds * 1000,
    );
    const onAbort = () => cut('aborted while it ran');
    command.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      command.signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    child.once('error', (error) => settle(neverStarted(messageOf(error))));
    child.once('close', (exitCode, signal) => settle(ended(exitCode, signal, cutShort, stdout, stderr)));
  });
}

function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself meanwhile.
  }
}

function ended(
  exitCode: number | null,
  signal: NodeJS.Signals | null,
  cutShort: string | undefined,
  stdout: CappedOutput,
  stderr: CappedOutput,
): Outcome {
  const output = {
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    truncated: stdout.isTruncated() || stderr.isTruncated(),
  };
  if (cutShort !== undefined) return { kind: 'unknown', reason: cutShort, ...output };
  if (exitCode === 0) return { kind: 'succeeded', ...output };
  if (exitCode !== null) return { kind: 'failed', exitCode, reason: `exit code ${exitCode}`, ...output };
  return { kind: 'unknown', reason: `ended by ${signal ?? 'a signal'}`, ...output };
}

function neverStarted(reason: string): Outcome {
  const nothing = Buffer.alloc(0);
  return { kind: 'failed', exitCode: undefined, reason, stdout: nothing, stderr: nothing, truncated: false };
}

async function readLocalFile(path: string, offsetBytes: number, lengthBytes: number): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const buffer = Buffer.alloc(lengthBytes);
    let filled = 0;
    while (filled < lengthBytes) {
      const { bytesRead } = await file.read(buffer, filled, lengthBytes - filled, offsetBytes + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (cause) {
    throw new HostError('not_readable', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function statLocally(path: string): Promise<FileStatus | undefined> {
  try {
    const stats = await lstat(path);
    const type = stats.isFile()
      ? 'file'
      : stats.isDirectory()
        ? 'directory'
        : stats.isSymbolicLink()
          ? 'link'
          : 'other';
    return {
      type,
      sizeBytes: stats.size,
      mode: stats.mode & 0o7777,
      modifiedMs: Math.floor(stats.mtimeMs),
      inode: stats.ino,
    };
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new HostError('not_readable', `${path} cannot be looked at: ${messageOf(cause)}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
