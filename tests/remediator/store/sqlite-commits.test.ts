import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { openSqliteDatabase } from '../../../remediator/store/sqlite-database.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeAlert } from '../alerts.ts';

/** The sizes of the headers of a write-ahead log and of its frames, as https://www.sqlite.org/fileformat2.html#walformat has them. */
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/** The commits in a write-ahead log: the last frame of each has the size of the database after it, and all others 0. */
async function countCommits(file: string): Promise<number> {
  const wal = await readFile(`${file}-wal`);
  const frame = FRAME_HEADER + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = WAL_HEADER; at + frame <= wal.length; at += frame)
    if (wal.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
}

test('a commit waits for the disk: a kill -9 would not show it where it did not', async () => {
  await using folder = await createTempFolder('steward-commits');
  const db = openSqliteDatabase(join(folder.path, 'journal.sqlite'));
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  db.close();
});

test('what comes while the disk is waited for is committed together', async () => {
  await using folder = await createTempFolder('steward-commits');
  const file = join(folder.path, 'journal.sqlite');
  const journal = await openSqliteJournal(file, () => undefined);
  const before = await countCommits(file);
  const alerts = Array.from({ length: 200 }, (_item, index) =>
    makeAlert({}, { fingerprint: index.toString(16) }),
  );
  await Promise.all(alerts.map((alert) => journal.accept([alert], new Date())));
  const commits = (await countCommits(file)) - before;
  expect(commits).toBeGreaterThan(0);
  expect(commits).toBeLessThan(100);
  expect(await journal.runs(1000)).toHaveLength(200);
  await journal.close();
});
