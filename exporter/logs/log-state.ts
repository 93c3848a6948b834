import { createHash } from 'node:crypto';
import { z } from 'zod';
import { logStart } from '../../logs/read-log.ts';
import { logCountsSchema, noCounts } from './log-counts.ts';

/** So many bytes before the place that was read to are read again, to see whether they are still the same. */
export const OVERLAP_BYTES = 64;

/** How far one log was read and what was counted up to there. Both are saved together, so that nothing is counted twice. */
const logStateSchema = z.strictObject({
  file: z.string(),
  /** The file that is being read; nothing where the log was not there. */
  inode: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  offsetBytes: z.number().int().nonnegative(),
  /** A hash of the bytes before the offset, and of how many. */
  overlap: z.strictObject({ bytes: z.number().int().min(0).max(OVERLAP_BYTES), hash: z.string() }),
  /** When the file had last changed when it was read. */
  changed: z.string(),
  /** What had begun and not ended. */
  position: z.strictObject({
    line: z.strictObject({ bytes: z.string(), isCut: z.boolean() }),
    records: z.record(z.string(), z.array(z.string()).readonly()),
  }),
  counts: logCountsSchema,
});

/** How far one log was read and what was counted. */
export type LogState = z.output<typeof logStateSchema>;

/** All logs of one site or bot, by their names. */
export const logStatesSchema = z.record(z.string(), logStateSchema);

/** All logs of one site or bot, by their names. */
export type LogStates = z.output<typeof logStatesSchema>;

/** A log that is read from the beginning of whatever file will be there. */
export function newLogState(file: string): LogState {
  return { file, counts: noCounts(), ...startOfFile() };
}

/** The place before the first byte of a file. */
export function startOfFile(inode?: string) {
  return {
    inode,
    offsetBytes: 0,
    overlap: overlapOf(Buffer.alloc(0)),
    changed: '',
    position: logStart,
  };
}

/** Remembers the last bytes of what was read. */
export function overlapOf(read: Buffer): LogState['overlap'] {
  const last = read.subarray(-OVERLAP_BYTES);
  return { bytes: last.length, hash: createHash('sha256').update(last).digest('hex').slice(0, 16) };
}

/** Whether a piece that was read begins with the bytes that were read before. */
export function isContinued({ bytes, hash }: LogState['overlap'], piece: Buffer): boolean {
  return piece.length >= bytes && overlapOf(piece.subarray(0, bytes)).hash === hash;
}
