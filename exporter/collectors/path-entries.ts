import { setImmediate } from 'node:timers/promises';
import type { PathEntry } from '../../inventory/permissions.ts';
import { CollectorError } from '../collector-error.ts';

/** After so many records other work gets its turn: a tree has tens of thousands. */
const RECORDS_PER_TURN = 2000;
const NUL = 0;

/**
 * Reads what `site-permissions` and `site-sentinels` print: records of mode, owner, group, kind, number of names and path, ended by
 * a NUL. Paths that are not UTF-8 are read as well as can be. Throws a CollectorError at a record that is not one.
 */
export async function* readPathEntries(output: Buffer): AsyncGenerator<PathEntry> {
  let start = 0;
  let count = 0;
  for (let end = output.indexOf(NUL); end !== -1; end = output.indexOf(NUL, start)) {
    yield parseRecord(output.toString('utf8', start, end));
    start = end + 1;
    count += 1;
    if (count % RECORDS_PER_TURN === 0) await setImmediate();
  }
  if (start !== output.length)
    throw new CollectorError('bad_answer', 'the list of paths ends within a record');
}

function parseRecord(record: string): PathEntry {
  const match = /^([0-7]{1,4})\t([^\t]+)\t([^\t]+)\t([a-zA-Z?])\t\d+\t(.*)$/s.exec(record);
  if (match === null)
    throw new CollectorError('bad_answer', `not a record of a path: ${record.slice(0, 80)}`);
  const [, mode = '', owner = '', group = '', type = '', path = ''] = match;
  return { mode: Number.parseInt(mode, 8), owner, group, type, path };
}
