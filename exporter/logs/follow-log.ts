import type { WatchedLog } from '../../inventory/logs.ts';
import { endLog, endRecords, readLog, type LogReading } from '../../logs/read-log.ts';
import type { LogFile, LogPiece, LogStatus } from '../clients/log-files.ts';
import { countReading } from './log-counts.ts';
import {
  isContinued,
  newLogState,
  OVERLAP_BYTES,
  overlapOf,
  startOfFile,
  type LogState,
} from './log-state.ts';

/** Reads a piece of the file of an inode from an offset; nothing where that file is gone, or became shorter meanwhile. */
export type ReadPiece = (inode: string, offsetBytes: number) => Promise<LogPiece | undefined>;

/** How a log is read. */
export interface LogReader {
  readonly read: ReadPiece;
  /** Whether there is time for more than one piece; what is left is read the next time. */
  readonly hasTime: () => boolean;
}

/** So many pieces are read of one log at a time at the most. */
const PIECE_LIMIT = 32;

/** Stands for the time of change while a file that was rotated away is watched for one more reading: its writer may still have it open. */
const LEAVING = 'leaving';

/** How reading to the end of a file went: `more` is left than is read at a time, it is `gone`, or has `other` bytes than it had. */
type ReadOn = 'done' | 'more' | 'gone' | 'other';

/**
 * Reads on where it was left, over rotation and truncation, and returns the new state; the old one stays as it is. A log that
 * was never seen before is watched from its end, and has no state until that is known. Rejects as reading does: nothing is counted then.
 *
 * - Renamed: the rest of the old file is read first, which is found by its inode.
 * - Copied and truncated: the rest is in the copy, which is known by the bytes before the place that was read to.
 * - Written anew in its place: known by the same bytes, and read from its beginning.
 */
export async function followLog(
  log: WatchedLog,
  before: LogState | undefined,
  status: LogStatus,
  reader: LogReader,
): Promise<LogState | undefined> {
  if (status.kind === 'link') return before;
  if (before === undefined) return firstSeen(log, status, reader.read);
  const follower = new LogFollower(log, before, reader);
  await follower.follow(status);
  return follower.state;
}

async function firstSeen(
  { file }: WatchedLog,
  status: LogStatus,
  read: ReadPiece,
): Promise<LogState | undefined> {
  const state = newLogState(file);
  if (status.kind !== 'file') return state;
  const start = Math.max(0, status.file.sizeBytes - OVERLAP_BYTES);
  const piece = await read(status.file.inode, start);
  if (piece === undefined) return undefined;
  const known = piece.bytes.subarray(0, OVERLAP_BYTES);
  return {
    ...state,
    inode: status.file.inode,
    offsetBytes: start + known.length,
    overlap: overlapOf(known),
  };
}

class LogFollower {
  state: LogState;
  readonly #log: WatchedLog;
  readonly #reader: LogReader;
  #piecesLeft = PIECE_LIMIT;

  constructor(log: WatchedLog, before: LogState, reader: LogReader) {
    this.#log = log;
    this.#reader = reader;
    this.state = { ...before, counts: structuredClone(before.counts) };
  }

  async follow(status: Exclude<LogStatus, { kind: 'link' }>): Promise<void> {
    const file = status.kind === 'file' ? status.file : undefined;
    const changed = status.kind === 'file' ? status.changed : '';
    if (file?.inode === this.state.inode) {
      if (file !== undefined) await this.#followSame(file, changed, status.rotated);
    } else if (this.state.inode !== undefined && this.#mayStillBeWritten(file)) {
      await this.#readOn(this.state.inode);
      this.state = { ...this.state, changed: LEAVING };
    } else {
      await this.#goTo(file, changed, status.rotated);
    }
  }

  async #followSame(file: LogFile, changed: string, rotated: LogFile | undefined): Promise<void> {
    if (this.state.offsetBytes === file.sizeBytes && this.state.changed === changed) {
      // Nothing was added since the last time: what was last written is whole.
      this.#take(endRecords(this.#log.format, this.state.position));
      return;
    }
    const went = file.sizeBytes < this.state.offsetBytes ? 'other' : await this.#readOn(file.inode);
    if (went === 'other') await this.#goTo(file, changed, rotated);
    // One that is gone or shorter was rotated since its status was asked: the next reading sees how.
    if (went === 'done') this.state = { ...this.state, changed };
  }

  /** Writers are told of a rotation after it was done. While the new file is empty, the old one is read once more. */
  #mayStillBeWritten(file: LogFile | undefined): boolean {
    return (file === undefined || file.sizeBytes === 0) && this.state.changed !== LEAVING;
  }

  /** Reads the rest of the old file, as far as it can be found, and then the new one from its beginning. */
  async #goTo(file: LogFile | undefined, changed: string, rotated: LogFile | undefined): Promise<void> {
    const rest = await this.#readRest(rotated);
    if (rest === 'more') return;
    if (rest !== 'done') this.state.counts.lostRotations += 1;
    this.#take(endLog(this.#log.format, this.state.position));
    this.state = { ...this.state, ...startOfFile(file?.inode) };
    if (file !== undefined && (await this.#readOn(file.inode)) === 'done')
      this.state = { ...this.state, changed };
  }

  async #readRest(rotated: LogFile | undefined): Promise<ReadOn> {
    const { inode } = this.state;
    if (inode === undefined) return 'done';
    const renamed = await this.#readOn(inode);
    const isFound = renamed === 'done' || renamed === 'more';
    if (isFound || rotated === undefined || rotated.inode === inode) return renamed;
    return this.#readOn(rotated.inode);
  }

  /** Reads a file from the place of the state to its end. */
  async #readOn(inode: string): Promise<ReadOn> {
    while (this.#mayReadMore()) {
      this.#piecesLeft -= 1;
      const { overlap, offsetBytes } = this.state;
      const piece = await this.#reader.read(inode, offsetBytes - overlap.bytes);
      if (piece === undefined || piece.file.sizeBytes < offsetBytes) return 'gone';
      if (!isContinued(overlap, piece.bytes)) return 'other';
      const added = piece.bytes.subarray(overlap.bytes);
      this.#take(readLog(this.#log.format, this.state.position, added));
      this.state.counts.bytes += added.length;
      this.state = {
        ...this.state,
        inode,
        offsetBytes: offsetBytes + added.length,
        overlap: overlapOf(piece.bytes),
      };
      if (added.length === 0 || this.state.offsetBytes >= piece.file.sizeBytes) return 'done';
    }
    return 'more';
  }

  /** One piece is always read, so that each log goes on. */
  #mayReadMore(): boolean {
    return this.#piecesLeft === PIECE_LIMIT || (this.#piecesLeft > 0 && this.#reader.hasTime());
  }

  #take(reading: LogReading): void {
    countReading(this.state.counts, reading);
    this.state = { ...this.state, position: reading.position };
  }
}
