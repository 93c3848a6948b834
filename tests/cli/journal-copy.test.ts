import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../inventory/secret.ts';
import { freePort } from '../../lab/parts/free-port.ts';
import { POSTGRES_PASSWORD, startPostgres, type Postgres } from '../../lab/parts/postgres.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import type { RunEvent } from '../../remediator/run/run.ts';
import { copyJournal } from '../../remediator/store/copy/copy-journal.ts';
import type { StoredJournal, StoredTables } from '../../remediator/store/copy/stored-journal.ts';
import { openStoredSqlite } from '../../remediator/store/copy/stored-sqlite.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { openPostgresJournal } from '../../remediator/store/postgres-journal.ts';
import { openSqliteJournal } from '../../remediator/store/sqlite-journal.ts';
import { steward } from '../helpers/steward-command.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import { makeMessage } from '../remediator/messages.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const ALERTS = 1200;
const plan = makePlan({ parameters: { hostile: '\u0000\ud800"\\u0000' } });

let root: TempFolder;
let postgres: Postgres;
beforeAll(async () => {
  root = await createTempFolder('steward-journal-copy');
  postgres = await startPostgres(join(root.path, 'postgres'));
});
afterAll(async () => {
  await postgres.stop();
  await root.remove();
});

let folder: TempFolder;
let file: string;
let database: string;
beforeEach(async () => {
  folder = await createTempFolder('steward-journal');
  file = join(folder.path, 'journal.sqlite');
  database = await postgres.createDatabase(`journal_${randomBytes(6).toString('hex')}`);
  await mkdir(join(folder.path, 'secrets'));
  await writeFile(join(folder.path, 'secrets', 'journal_password'), POSTGRES_PASSWORD);
  await writeFile(
    join(folder.path, 'steward.yml'),
    'remediator: { journal_password_file: secrets/journal_password }\n',
  );
});
afterEach(() => folder.remove());

const openFile = (path = file): Promise<Journal> => openSqliteJournal(path, () => undefined);
const openDatabase = (): Promise<Journal> =>
  openPostgresJournal({ url: database, password: new Secret(POSTGRES_PASSWORD) });
const copy = (...words: string[]) => steward(folder.path, 'journal', 'copy', ...words);
const event = (kind: RunEvent['kind'], data: RunEvent['data'] = {}): RunEvent => ({
  at: AT.toISOString(),
  kind,
  data,
});

/** Everything that a journal tells. */
async function contentsOf(journal: Journal) {
  const query = { policy: 'fix', policySinceMs: 0, host: 'web1', hostSinceMs: 0 };
  return {
    runs: await journal.runs(5000),
    open: (await journal.openRuns()).map(({ id }) => id),
    past: await journal.pastActions(query),
    episodes: await journal.episodesSince(0),
    pause: await journal.pause(),
    resumedAtMs: await journal.resumedAtMs(),
    owed: await journal.takeOwed(10, 0),
  };
}

/** A year of one operator, in short: runs in every state, and labels as no one should write them. */
async function fill(journal: Journal): Promise<void> {
  const alerts = Array.from({ length: ALERTS }, (_item, index) =>
    makeAlert(
      { note: index === 7 ? '\u0000 \ud800 \u202e "\\u0000"' : `no. ${index}` },
      { fingerprint: index.toString(16) },
    ),
  );
  const [acting = '', verified = '', resting = '', blocked = ''] = await journal.accept(alerts, AT);
  await journal.claimStart(verified, [event('acting', { note: '\u0000' })], plan, 1000);
  await journal.append(verified, [event('finished')], {
    state: 'closed',
    outcome: 'verified',
    reason: 'verified',
  });
  await journal.claimStart(resting, [event('acting')], plan, 2000);
  await journal.append(resting, [event('resting')], { state: 'resting' });
  await journal.claimStart(acting, [event('acting'), event('silenced')], plan, 3000);
  await journal.append(blocked, [event('blocked')], {
    outcome: 'blocked',
    reason: 'limit',
    owes: { message: makeMessage({ id: 'm1', detail: '\u0000 \ud800' }) },
  });
  await journal.openNextAttempt(verified, AT);
  await journal.startPause({ since: AT.toISOString(), untilMs: 5, by: 'eve', reason: 'one' });
  await journal.endPause(AT, 'eve');
  await journal.startPause({ since: AT.toISOString(), untilMs: undefined, by: 'ada', reason: 'two' });
  await journal.noteStart('host', AT, 0);
  await journal.noteStop('host', AT);
}

async function reading<Value>(journal: Journal, work: (journal: Journal) => Promise<Value>): Promise<Value> {
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

describe('steward journal copy', () => {
  test('takes all of a file to PostgreSQL, where a remediator goes on, and back again', async () => {
    const before = await reading(await openFile(), async (journal) => {
      await fill(journal);
      return contentsOf(journal);
    });
    expect(before.runs).toHaveLength(ALERTS + 1);

    const there = copy('journal.sqlite', database, '--json');
    expect(there).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(there.stdout)).toEqual({
      from: file,
      to: database,
      runs: ALERTS + 1,
      events: ALERTS + 8,
      pauses: 2,
      resumptions: 1,
      starts: 1,
      messages: 1,
    });

    const other = join(folder.path, 'other.sqlite');
    await reading(await openDatabase(), async (journal) => {
      expect(await contentsOf(journal)).toEqual(before);
      expect(new Set(await journal.abandonedRuns())).toEqual(new Set(before.open));
    });
    const back = copy(database, other);
    expect(back).toMatchObject({ status: 0, stderr: '' });
    expect(back.stdout).toMatch(
      /^1201 runs with 1208 events and 2 pauses were copied to .*other\.sqlite, and compared\n$/,
    );
    expect(await reading(await openFile(other), contentsOf)).toEqual(before);
  });

  test('takes what only SQLite can hold as PostgreSQL can', async () => {
    await reading(await openFile(), (journal) =>
      journal.startPause({ since: AT.toISOString(), untilMs: undefined, by: 'm\u0000e', reason: '\ud800' }),
    );
    expect(copy(file, database)).toMatchObject({ status: 0 });
    const pause = await reading(await openDatabase(), (journal) => journal.pause());
    expect(pause).toMatchObject({ by: 'm\ufffde', reason: '\ufffd' });
  });

  test('refuses a target that is not empty, and leaves it alone', async () => {
    for (const open of [openFile, openDatabase])
      await reading(await open(), (journal) => journal.accept([makeAlert()], AT));
    const there = copy(file, database);
    expect(there.status).toBe(1);
    expect(there.stderr).toMatch(
      /cannot be copied to postgres:.*: the target is not empty: it has 1 runs\n$/,
    );
    const back = copy(database, file);
    expect(back.stderr).toMatch(/the target is not empty/);
    expect(await reading(await openFile(), (journal) => journal.runs(10))).toHaveLength(1);
  });

  test('refuses a journal that a remediator works with', async () => {
    const [inFile, inDatabase] = [await openFile(), await openDatabase()];
    const fromFile = copy(file, database);
    const fromDatabase = copy(database, join(folder.path, 'other.sqlite'));
    await Promise.all([inFile.close(), inDatabase.close()]);
    expect(fromFile).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/another remediator works with/),
    });
    expect(fromDatabase.stderr).toMatch(/cannot be opened: a remediator works with it: stop all that do\n$/);
  });

  test.each<[string, () => string[], RegExp, number]>([
    [
      'a file that is not there',
      () => ['nothing.sqlite', database],
      /cannot be opened: there is no file .*nothing\.sqlite\n$/,
      1,
    ],
    [
      'a file that is no journal',
      () => ['steward.yml', database],
      /steward\.yml cannot be opened: file is not a database\n$/,
      1,
    ],
    [
      'the same journal twice',
      () => ['journal.sqlite', './journal.sqlite'],
      /^both are the same journal\n$/,
      1,
    ],
    [
      'a password in the address',
      () => ['journal.sqlite', 'postgres://me:secret@host/db'],
      /^a database is written postgres:\/\/user@host:port\/database, without/,
      1,
    ],
    ['one word', () => ['journal.sqlite'], /^a word is missing: steward journal copy <from> <to>/, 2],
  ])('says what is wrong with %s', (_name, words, message, status) => {
    const said = copy(...words());
    expect(said.status).toBe(status);
    expect(said.stderr).toMatch(message);
    expect(said.stdout).toBe('');
  });

  test('says that a database cannot be reached, and does not try again', async () => {
    await (await openFile()).close();
    const said = copy(file, `postgres://steward@127.0.0.1:${await freePort()}/journal`);
    expect(said).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot be opened: .*ECONNREFUSED/),
    });
  });
});

describe('a copy that is not like what was read', () => {
  const spoiled: readonly [string, (tables: StoredTables) => StoredTables][] = [
    [
      'since a row is missing',
      (tables) => ({
        ...tables,
        add: (table, rows) => tables.add(table, table === 'events' ? rows.slice(1) : rows),
      }),
    ],
    [
      'since a row is another one',
      (tables) => ({
        ...tables,
        add: (table, rows) =>
          tables.add(
            table,
            table === 'events' ? rows.map(([run = null, at = null]) => [run, at, 'acting', '{}']) : rows,
          ),
      }),
    ],
  ];

  test.each(spoiled)('%s, is not kept', async (_name, spoil) => {
    await reading(await openFile(), (journal) => journal.accept([makeAlert()], AT));
    const other = join(folder.path, 'other.sqlite');
    const [from, to] = [openStoredSqlite(file, true), openStoredSqlite(other, false)];
    const spoiling: StoredJournal = { ...to, write: (work) => to.write((tables) => work(spoil(tables))) };
    await expect(copyJournal(from, spoiling, () => undefined)).rejects.toThrow(
      /events differ after the copy/,
    );
    await Promise.all([from.close(), to.close()]);
    expect(await reading(await openFile(other), (journal) => journal.runs(10))).toEqual([]);
  });
});
