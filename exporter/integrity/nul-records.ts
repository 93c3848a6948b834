import { setImmediate } from 'node:timers/promises';
import { CollectorError } from '../collector-error.ts';

/** After so many records other work gets its turn. */
const RECORDS_PER_TURN = 2000;
const NUL = 0;

/**
 * Reads records that end with a NUL, of so many fields with tabs between them; the last field may have tabs and line breaks in it. What is not
 * UTF-8 is read as well as can be. The record `end`, with what stands after it, says that all is there: throws a CollectorError without it.
 */
export async function* readRecords(
  output: Buffer,
): AsyncGenerator<readonly [kind: string, ...fields: string[]]> {
  let start = 0;
  let count = 0;
  let isWhole = false;
  for (let end = output.indexOf(NUL); end !== -1; end = output.indexOf(NUL, start)) {
    if (isWhole) throw new CollectorError('bad_answer', 'something stands after the end of the list');
    const [kind = '', ...fields] = output.toString('utf8', start, end).split('\t');
    isWhole = kind === 'end';
    yield [kind, ...fields];
    start = end + 1;
    count += 1;
    if (count % RECORDS_PER_TURN === 0) await setImmediate();
  }
  if (!isWhole || start !== output.length)
    throw new CollectorError('bad_answer', 'the list of files ends before its end');
}

/** The fields of a record from one on, as the one field with tabs in it that they were. */
export function restOf(fields: readonly string[], from: number): string {
  return fields.slice(from).join('\t');
}
