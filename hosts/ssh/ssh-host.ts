import { createCappedOutput, DEFAULT_OUTPUT_LIMIT_BYTES } from '../capped-output.ts';
import { HostError, type Command, type FileStatus, type Host, type Outcome } from '../host.ts';
import { quoteArgv } from '../quote.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { runOnChannel } from './run-on-channel.ts';

/** The far side kills what did not end by itself this long after its time. */
const KILL_AFTER_SECONDS = 5;
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
  const limit = command.outputLimitBytes ?? DEFAULT_OUTPUT_LIMIT_BYTES;
  const stdout = createCappedOutput(limit);
  const stderr = createCappedOutput(limit);
  const output = () => ({
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    truncated: stdout.isTruncated() || stderr.isTruncated(),
  });
  const notStarted = (reason: string): Outcome => ({
    kind: 'failed',
    exitCode: undefined,
    reason,
    ...output(),
  });
  if (command.signal?.aborted === true) return notStarted('aborted before it was started');
  try {
    return await pool.use(async (connection) => {
      if (command.signal?.aborted === true) return notStarted('aborted before it was started');
      const channel = await connection.execute(remoteLine(command));
      const end = await runOnChannel(channel, {
        stdin: command.stdin,
        signal: command.signal,
        timeoutMs: (command.timeoutSeconds + GRACE_SECONDS) * 1000,
        lost: connection.lost,
        onStdout: (chunk) => stdout.add(chunk),
        onStderr: (chunk) => stderr.add(chunk),
      });
      return { ...outcomeOf(end, command.timeoutSeconds), ...output() };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...notStarted(reason), ...(error instanceof HostError ? { code: error.code } : {}) };
  }
}

function remoteLine({ argv, timeoutSeconds }: Command): string {
  const seconds = String(Math.max(1, Math.ceil(timeoutSeconds)));
  return quoteArgv(['timeout', `--kill-after=${KILL_AFTER_SECONDS}`, seconds, ...argv]);
}

type EndOfChannel = Awaited<ReturnType<typeof runOnChannel>>;

/** `timeout` exits with 124 where it ended the command, and with 137 where it had to kill it. */
function outcomeOf(end: EndOfChannel, timeoutSeconds: number) {
  if (end.kind === 'cut') return { kind: 'unknown', reason: end.reason } as const;
  if (end.exitCode === 0) return { kind: 'succeeded' } as const;
  if (end.exitCode === 124 || end.exitCode === 137) {
    return { kind: 'unknown', reason: `timed out after ${timeoutSeconds} s` } as const;
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
      'iflag=skip_bytes,count_bytes,fullblock',
      `skip=${offsetBytes}`,
      `count=${lengthBytes}`,
      'status=none',
    ],
    timeoutSeconds: READ_TIMEOUT_SECONDS,
    outputLimitBytes: lengthBytes,
  });
  if (outcome.kind === 'succeeded') return outcome.stdout;
  throw new HostError('not_readable', `${path} cannot be read: ${explain(outcome)}`);
}

async function statRemotely(run: Run, path: string): Promise<FileStatus | undefined> {
  const outcome = await run({
    argv: ['env', 'LC_ALL=C', 'stat', '--printf=%f %s %Y %i', '--', path],
    timeoutSeconds: STAT_TIMEOUT_SECONDS,
  });
  if (outcome.kind === 'succeeded') return parseStat(path, outcome.stdout.toString());
  if (/No such file or directory|Not a directory/.test(outcome.stderr.toString())) return undefined;
  throw new HostError('not_readable', `${path} cannot be looked at: ${explain(outcome)}`);
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

function explain(outcome: Outcome): string {
  const stderr = outcome.stderr.toString().trim();
  if (stderr !== '') return stderr;
  return outcome.kind === 'succeeded' ? 'no reason' : outcome.reason;
}
