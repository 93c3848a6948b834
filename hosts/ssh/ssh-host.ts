import { createCappedOutput } from '../capped-output.ts';
import {
  HostError,
  type Command,
  type FileStatus,
  type Host,
  type HostErrorCode,
  type Outcome,
} from '../host.ts';
import { neverStarted } from '../never-started.ts';
import { quoteArgv } from '../quote.ts';
import { endedByTimeout, KILL_AFTER_SECONDS, timedOutReason, underTimeout } from '../time-limit.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { SshConnection } from './connection.ts';
import { runOnChannel, type EndOfChannel } from './run-on-channel.ts';

/** How much longer than the far side's own limit to wait for its answer. */
const GRACE_SECONDS = KILL_AFTER_SECONDS + 5;
const STAT_TIMEOUT_SECONDS = 10;
const READ_TIMEOUT_SECONDS = 30;

/** A host reached over SSH. Each command runs under `timeout` there, so that a lost connection leaves nothing for ever. */
export function createSshHost(id: string, user: string, pool: ConnectionPool): Host {
  const run = (command: Command) => runOverSsh(pool, command);
  return {
    id,
    user,
    kind: 'ssh',
    run,
    readFile: (path, offsetBytes, lengthBytes) => readRemoteFile(run, path, offsetBytes, lengthBytes),
    stat: (path) => statRemotely(run, path),
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}

async function runOverSsh(pool: ConnectionPool, command: Command): Promise<Outcome> {
  try {
    return await pool.use((connection) => runOnConnection(connection, command), command.signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return neverStarted(reason, error instanceof HostError ? error.code : undefined);
  }
}

async function runOnConnection(connection: SshConnection, command: Command): Promise<Outcome> {
  if (command.signal?.aborted === true) return neverStarted('aborted before it was started', 'aborted');
  if (command.mayStart?.() === false) return neverStarted('no longer to be started', 'aborted');
  const output = createCappedOutput(command.outputLimitBytes);
  const line = quoteArgv(underTimeout(command.argv, command.timeoutSeconds));
  const end = await runOnChannel((onOpen, isStillWanted) => connection.execute(line, onOpen, isStillWanted), {
    stdin: command.stdin,
    signal: command.signal,
    timeoutMs: (command.timeoutSeconds + GRACE_SECONDS) * 1000,
    onLost: (listener) => connection.onLost(listener),
    onStdout: output.addStdout,
    onStderr: output.addStderr,
  });
  if (end.kind === 'refused') return neverStarted(end.reason, 'unreachable');
  return { ...outcomeOf(end, command.timeoutSeconds), ...output.read() };
}

function outcomeOf(end: Exclude<EndOfChannel, { kind: 'refused' }>, timeoutSeconds: number) {
  if (end.kind === 'cut') return { kind: 'unknown', reason: end.reason } as const;
  if (end.exitCode === 0) return { kind: 'succeeded' } as const;
  if (endedByTimeout(end.exitCode)) {
    return { kind: 'unknown', reason: timedOutReason(timeoutSeconds) } as const;
  }
  return { kind: 'failed', exitCode: end.exitCode, reason: `exit code ${end.exitCode}` } as const;
}

type Run = (command: Command) => Promise<Outcome>;

async function readRemoteFile(
  run: Run,
  path: string,
  offsetBytes: number,
  lengthBytes: number,
): Promise<Buffer> {
  const outcome = await run({
    argv: [
      'dd',
      `if=${path}`,
      'bs=64K',
      'iflag=skip_bytes,count_bytes,fullblock,nonblock',
      `skip=${offsetBytes}`,
      `count=${lengthBytes}`,
      'status=none',
    ],
    timeoutSeconds: READ_TIMEOUT_SECONDS,
    outputLimitBytes: lengthBytes,
  });
  if (outcome.kind === 'succeeded') return outcome.stdout;
  throw new HostError(codeOf(outcome), `${path} cannot be read: ${explain(outcome)}`);
}

async function statRemotely(run: Run, path: string): Promise<FileStatus | undefined> {
  const outcome = await run({
    argv: ['env', 'LC_ALL=C', 'stat', '--printf=%f %s %Y %i', '--', path],
    timeoutSeconds: STAT_TIMEOUT_SECONDS,
  });
  if (outcome.kind === 'succeeded') return parseStat(path, outcome.stdout.toString());
  if (/No such file or directory|Not a directory/.test(outcome.stderr.toString())) return undefined;
  throw new HostError(codeOf(outcome), `${path} cannot be looked at: ${explain(outcome)}`);
}

const TYPES: Readonly<Record<number, FileStatus['type']>> = {
  0o100000: 'file',
  0o040000: 'directory',
  0o120000: 'link',
};

function parseStat(path: string, text: string): FileStatus {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\d+)$/.exec(text);
  if (match === null)
    throw new HostError('bad_answer', `stat of ${path} answered ${JSON.stringify(text.slice(0, 80))}`);
  const mode = Number.parseInt(match[1] ?? '', 16);
  return {
    type: TYPES[mode & 0o170000] ?? 'other',
    sizeBytes: Number(match[2]),
    mode: mode & 0o7777,
    modifiedMs: Number(match[3]) * 1000,
    inode: Number(match[4]),
  };
}

function codeOf(outcome: Outcome): HostErrorCode {
  if (outcome.kind === 'unknown') return 'connection_lost';
  return (outcome.kind === 'failed' ? outcome.code : undefined) ?? 'not_readable';
}

function explain(outcome: Outcome): string {
  const stderr = outcome.stderr.toString().trim();
  if (stderr !== '') return stderr;
  return outcome.kind === 'succeeded' ? 'no reason' : outcome.reason;
}
