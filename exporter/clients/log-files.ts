import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import type { WatchedLog } from '../../inventory/logs.ts';
import { CollectorError, printedBy } from '../collector-error.ts';

/** A file as a host tells it from others. */
export interface LogFile {
  /** A decimal number, which may be too large for a number of JavaScript. */
  readonly inode: string;
  readonly sizeBytes: number;
}

/** How a log stands. */
export type LogStatus =
  | { readonly kind: 'file'; readonly file: LogFile; readonly changed: string; readonly rotated?: LogFile }
  | { readonly kind: 'absent'; readonly rotated?: LogFile }
  /** What stands there is a link, or nothing that can be read as a log. */
  | { readonly kind: 'link' };

/** A piece of a log, and how the file stood while it was read. */
export interface LogPiece {
  readonly file: LogFile;
  readonly bytes: Buffer;
}

/** `log-read` prints this much at the most. */
const PIECE_LIMIT_BYTES = 2 * 1024 * 1024;
const HEAD_LIMIT_BYTES = 1024;
const TIMEOUT_SECONDS = 10;
const LINE_FEED = 10;
const STATUS_LINE =
  /^([0-9a-f]{8}) (?:(link)|absent ?|file (\d{1,20}) (\d{1,15}) (\d{1,12}\.\d{1,9}) ?)(?:(\d{1,20}) (\d{1,15}))?$/;
const HEAD = /^(\d{1,20}) (\d{1,15}) \d{1,12}\.\d{1,9}$/;

/** Asks how each of an owner's logs stands, in the order of steward.yml. Rejects with a CollectorError. */
export async function askLogStatus(
  host: Host,
  owner: string,
  logs: readonly WatchedLog[],
  signal: AbortSignal,
): Promise<readonly LogStatus[]> {
  const outcome = await callVerb(host, {
    verb: 'log-status',
    slots: [owner],
    timeoutSeconds: TIMEOUT_SECONDS,
    signal,
  });
  const lines = printedBy(outcome).toString().split('\n').slice(0, -1);
  if (lines.length !== logs.length || lines.some((line, at) => !line.startsWith(`${logs[at]?.key ?? ''} `))) {
    throw new CollectorError(
      'bad_answer',
      `${host.id} knows other logs of ${owner} than steward.yml: run steward host harden ${host.id} again`,
    );
  }
  return lines.map((line) => parseStatus(line));
}

/** Reads one line of `log-status`. Throws a CollectorError where it is not one. */
export function parseStatus(line: string): LogStatus {
  const match = STATUS_LINE.exec(line);
  if (match === null) {
    throw new CollectorError('bad_answer', `no line of log-status: ${JSON.stringify(line.slice(0, 100))}`);
  }
  const [, , link, inode, size, changed, rotatedInode, rotatedSize] = match;
  if (link !== undefined) return { kind: 'link' };
  const rotated =
    rotatedInode === undefined ? {} : { rotated: { inode: rotatedInode, sizeBytes: Number(rotatedSize) } };
  if (inode === undefined || changed === undefined) return { kind: 'absent', ...rotated };
  return { kind: 'file', file: { inode, sizeBytes: Number(size) }, changed, ...rotated };
}

/** Which piece of which log is asked for. */
export interface LogPieceRequest {
  readonly owner: string;
  /** The place of the log among its owner's. */
  readonly number: number;
  readonly inode: string;
  readonly offsetBytes: number;
}

/**
 * Reads a piece of the file of this inode, whether it still is the log or was rotated away. Returns nothing where it is no longer there,
 * or was rotated or truncated meanwhile. Rejects with a CollectorError.
 */
export async function readLogPiece(
  host: Host,
  { owner, number, inode, offsetBytes }: LogPieceRequest,
  signal: AbortSignal,
): Promise<LogPiece | undefined> {
  const outcome = await callVerb(host, {
    verb: 'log-read',
    slots: [owner, String(number), inode, String(offsetBytes)],
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: PIECE_LIMIT_BYTES + HEAD_LIMIT_BYTES,
    signal,
  });
  return parsePiece(printedBy(outcome), inode);
}

/** Reads an answer of `log-read`. Throws a CollectorError where it is not one. */
export function parsePiece(answer: Buffer, inode: string): LogPiece | undefined {
  const start = answer.indexOf(LINE_FEED);
  const end = answer.lastIndexOf(LINE_FEED, -2);
  const head = answer.toString('latin1', 0, Math.min(Math.max(start, 0), HEAD_LIMIT_BYTES));
  if (head === '' || head === 'absent' || head === 'link') return undefined;
  const before = parseHead(head);
  const after = end <= start ? undefined : parseHead(answer.toString('latin1', end + 1, answer.length - 1));
  if (before === undefined) throw new CollectorError('bad_answer', 'the answer of log-read has no head');
  const isSame = after?.inode === inode && before.inode === inode && after.sizeBytes >= before.sizeBytes;
  return isSame ? { file: after, bytes: answer.subarray(start + 1, end) } : undefined;
}

function parseHead(text: string): LogFile | undefined {
  const [, inode, size] = HEAD.exec(text) ?? [];
  return inode === undefined ? undefined : { inode, sizeBytes: Number(size) };
}
