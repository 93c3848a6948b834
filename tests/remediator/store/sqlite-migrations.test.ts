import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';

const store = new URL('../../../remediator/store/', import.meta.url);
const steps = readdirSync(store).filter((name) => /^\d{4}-.*\.sql$/.test(name));
const older = steps.map((_, index) => index + 1);

/** What a Steward with this schema wrote: an open run, a closed one, and a run that was cut off while it acted. */
const runs = `
  INSERT INTO runs VALUES
    ('open', 'a1', '2026-03-01T12:00:00.000Z', 1, '{"alertname":"SiteDown"}', 'firing', 'waiting', 'blocked', 'limit', NULL, NULL, NULL, '2026-03-01T12:00:01.000Z'),
    ('done', 'b2', '2026-03-01T12:00:00.000Z', 1, '{"alertname":"SiteDown"}', 'resolved', 'closed', 'verified', 'verified',
      '{"policy":"fix","host":"web1"}', 'web1', 1772366405000, '2026-03-01T12:00:02.000Z'),
    ('cut-off', 'c3', '2026-03-01T12:00:00.000Z', 2, '{"alertname":"SiteDown"}', 'firing', 'acting', NULL, NULL,
      '{"policy":"fix","host":"web2"}', 'web2', 1772366406000, '2026-03-01T12:00:03.000Z');
  INSERT INTO events (run_id, at, kind, data) VALUES
    ('open', '2026-03-01T12:00:01.000Z', 'received', '{}'),
    ('cut-off', '2026-03-01T12:00:03.000Z', 'received', '{}'),
    ('open', '2026-03-01T12:00:04.000Z', 'blocked', '{"reason":"limit"}');`;
const pause = `INSERT INTO pauses (since, until_ms, by, reason) VALUES ('2026-03-01T12:00:00.000Z', NULL, 'eve', 'work on the servers');`;

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
    const schema = steps.slice(0, version).map((name) => readFileSync(new URL(name, store), 'utf8'));
    db.exec(
      `${schema.join('\n')}; ${runs} ${version >= 2 ? pause : ''} ${more} PRAGMA user_version = ${version};`,
    );
    db.close();
  }

  const read = (sql: string): unknown[] => {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  };

  test.each(older)(
    'of schema %i is brought to the newest, and has kept all that was in it',
    async (version) => {
      writeAsOf(version);
      const before = read('SELECT * FROM runs ORDER BY id');
      const eventsBefore = read('SELECT * FROM events ORDER BY id');
      const journal = await openSqliteJournal(file, () => undefined);
      expect(await journal.openRuns()).toMatchObject([
        { id: 'open', state: 'waiting', events: [{ kind: 'received' }, { kind: 'blocked' }] },
        { id: 'cut-off', state: 'acting', attempt: 2, plan: { host: 'web2' }, actedAtMs: 1_772_366_406_000 },
      ]);
      expect(await journal.run('done')).toMatchObject({
        state: 'closed',
        outcome: 'verified',
        plan: { host: 'web1' },
      });
      expect(await journal.pause()).toEqual(
        version >= 2 ? expect.objectContaining({ by: 'eve' }) : undefined,
      );
      await journal.close();
      expect(read('SELECT * FROM runs ORDER BY id')).toMatchObject(before);
      expect(read('SELECT * FROM events ORDER BY id')).toEqual(eventsBefore);
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
