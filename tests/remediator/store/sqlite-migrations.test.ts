import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import {
  expectKept,
  expectNothingOwed,
  expectSeenNow,
  olderPause,
  olderRows,
  stepsOf,
  textOf,
} from './older-journal.ts';

const steps = stepsOf.sqlite;
const versions = steps.map((_, index) => index + 1);
/** The first that knows when an alert was seen last. */
const WITH_SEEN = 5;

describe('a journal of an older Steward', () => {
  let folder: TempFolder;
  let file: string;
  beforeEach(async () => {
    folder = await createTempFolder('steward-journal');
    file = join(folder.path, 'journal.sqlite');
  });
  afterEach(() => folder.remove());

  function writeAsOf(version: number, more = ''): void {
    const db = new DatabaseSync(file);
    const schema = steps.slice(0, version).map(textOf);
    const rows = `${olderRows(version >= WITH_SEEN)} ${version >= 2 ? olderPause : ''}`;
    db.exec(`${schema.join('\n')}; ${rows} ${more} PRAGMA user_version = ${version};`);
    db.close();
  }

  const read = (sql: string): unknown[] => {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  };

  test.each(versions)(
    'of schema %i is brought to the newest, and has kept all that was in it',
    async (version) => {
      writeAsOf(version);
      const before = read('SELECT * FROM runs ORDER BY id');
      const eventsBefore = read('SELECT * FROM events ORDER BY id');
      const journal = await openSqliteJournal(file, () => undefined);
      await expectKept(journal, version >= 2);
      await expectNothingOwed(journal);
      if (version < WITH_SEEN) await expectSeenNow(journal);
      await journal.close();
      expect(read('SELECT * FROM runs ORDER BY id')).toMatchObject(before);
      expect(read('SELECT * FROM events ORDER BY id')).toEqual(eventsBefore);
      expect(read(`SELECT seen_at FROM runs WHERE id = 'done'`)).toEqual([
        { seen_at: '2026-03-01T12:30:00.000Z' },
      ]);
      expect(read('PRAGMA user_version')).toEqual([{ user_version: steps.length }]);
    },
  );

  test('that cannot be brought to the newest is left as it was', async () => {
    writeAsOf(1, 'CREATE TABLE resumptions (mine INTEGER);');
    const before = read('SELECT * FROM sqlite_schema');
    await expect(openSqliteJournal(file, () => undefined)).rejects.toThrow(/cannot be opened: .*resumptions/);
    expect(read('SELECT * FROM runs')).toHaveLength(3);
    const tables = read('SELECT * FROM sqlite_schema');
    expect(tables).toEqual(expect.arrayContaining(before));
    expect(read(`SELECT name FROM sqlite_schema WHERE name = 'starts'`)).toEqual([]);
  });
});
