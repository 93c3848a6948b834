import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../inventory/secret.ts';
import { freePort } from '../../../lab/parts/free-port.ts';
import { POSTGRES_PASSWORD, startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { JournalError, type Journal } from '../../../remediator/store/journal.ts';
import { openPostgresJournal } from '../../../remediator/store/postgres-journal.ts';
import { createPostgresPool } from '../../../remediator/store/postgres-pool.ts';
import { describeJournalPast } from '../../contracts/journal-past.contract.ts';
import { describeJournalStarts } from '../../contracts/journal-starts.contract.ts';
import type { JournalStore } from '../../contracts/journal-store.ts';
import { describeJournalContract } from '../../contracts/journal.contract.ts';
import { makeAlert } from '../alerts.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');

let folder: TempFolder;
let postgres: Postgres;
beforeAll(async () => {
  folder = await createTempFolder('steward-postgres');
  postgres = await startPostgres(join(folder.path, 'main'));
});
afterAll(async () => {
  await postgres.stop();
  await folder.remove();
});

const open = (url: string, password = POSTGRES_PASSWORD): Promise<Journal> =>
  openPostgresJournal({ url, password: new Secret(password) });
const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const createDatabase = (on = postgres) => on.createDatabase(`journal_${randomBytes(8).toString('hex')}`);

async function store(): Promise<JournalStore> {
  const url = await createDatabase();
  return { open: () => open(url), remove: () => Promise.resolve() };
}

describeJournalContract(store);
describeJournalStarts(store);
describeJournalPast(store);

describe('a database', () => {
  test('is brought to its schema once, where many start at the same time', async () => {
    const url = await createDatabase();
    const journals = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    await Promise.all(journals.map((journal) => journal.close()));
    const versions = await postgres.execute(nameOf(url), 'SELECT version FROM schema_version ORDER BY 1');
    expect(versions).toBe('1\n');
  });

  test('of a newer Steward is refused, and left alone', async () => {
    const url = await createDatabase();
    await (await open(url)).close();
    await postgres.execute(nameOf(url), 'INSERT INTO schema_version VALUES (99)');
    await expect(open(url)).rejects.toThrow(/^postgres:.*: it was written by a newer Steward \(schema 99\)/);
  });

  test('that cannot hold every text is refused', async () => {
    await postgres.execute(
      'postgres',
      `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`,
    );
    const url = (await createDatabase()).replace(/[^/]*$/, 'latin');
    await expect(open(url)).rejects.toThrow(/its encoding is LATIN1; make it with ENCODING 'UTF8'/);
  });

  test('that refuses the password, is not there, or cannot be reached, is named', async () => {
    const url = await createDatabase();
    await expect(open(url, 'wrong')).rejects.toThrow(/^postgres:.*: password authentication failed/);
    await expect(open(`${url}x`)).rejects.toThrow(/database "journal_\w+x" does not exist/);
    const nobody = `postgres://steward@127.0.0.1:${await freePort()}/journal`;
    await expect(open(nobody)).rejects.toThrow(/cannot be opened: .*ECONNREFUSED/);
    await expect(open(nobody)).rejects.toBeInstanceOf(JournalError);
    await expect(open(nobody, 'my-secret')).rejects.not.toThrow(/my-secret/);
  });
});

describe('two journals on one database', () => {
  let url: string;
  let one: Journal;
  let other: Journal;
  beforeEach(async () => {
    url = await createDatabase();
    [one, other] = await Promise.all([open(url), open(url)]);
  });
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
  });

  test('open one run for each alert, in whatever order the same alerts come', async () => {
    const alerts = Array.from({ length: 60 }, (_item, index) =>
      makeAlert({}, { fingerprint: index.toString(16) }),
    );
    const deliveries = Array.from({ length: 6 }, (_item, index) =>
      (index % 2 === 0 ? one : other).accept(index % 3 === 0 ? alerts : alerts.toReversed(), AT),
    );
    const answers = await Promise.all(deliveries);
    expect(new Set(answers.flat()).size).toBe(60);
    expect(await one.runs(100)).toHaveLength(60);
  });

  test('one removes at a time', async () => {
    const holder = postgres.execute(
      nameOf(url),
      `BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('steward: removing', 0)); SELECT pg_sleep(3600)`,
    );
    await waitUntil(
      async () =>
        (await postgres.execute(nameOf(url), `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`)) !== '',
      { what: 'the lock' },
    );
    const [id = ''] = await one.accept([makeAlert()], AT);
    await one.append(id, [], { state: 'closed', outcome: 'failed', reason: 'limit' });
    await one.accept([makeAlert({}, { status: 'resolved' })], AT);
    expect(await other.removeEpisodes(AT.getTime() + 1, 10)).toBe(0);
    await postgres.execute(
      nameOf(url),
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`,
    );
    await expect(holder).rejects.toThrow(/terminat/);
    expect(await other.removeEpisodes(AT.getTime() + 1, 10)).toBe(1);
  });
});

test('what people write may hold what is no text to PostgreSQL', async () => {
  const journal = await open(await createDatabase());
  await journal.startPause({ since: AT.toISOString(), untilMs: undefined, by: 'm\u0000e', reason: '\ud800' });
  expect(await journal.pause()).toMatchObject({ by: 'm\ufffde', reason: '\ufffd' });
  expect(await journal.run('\u0000')).toBeUndefined();
  await journal.close();
});

test('what is answered waits for the disk, however the server is set up', async () => {
  const url = await createDatabase();
  await postgres.execute('postgres', `ALTER DATABASE "${nameOf(url)}" SET synchronous_commit = off`);
  const journal = await open(url);
  const pool = await createPostgresPool({ url, password: new Secret(POSTGRES_PASSWORD) });
  expect(await pool.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  await pool.close();
  await journal.close();
});

test('a connection that breaks costs what was under way, and the next call has a new one', async () => {
  const url = await createDatabase();
  const journal = await open(url);
  const kill = () =>
    postgres.execute(
      nameOf(url),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'steward-remediator' AND datname = '${nameOf(url)}'`,
    );
  await journal.accept([makeAlert()], AT);
  await kill();
  await waitUntil(
    () =>
      journal.runs(1).then(
        (runs) => runs.length === 1,
        () => false,
      ),
    { what: 'a new connection' },
  );
  await journal.close();
  await expect(journal.runs(1)).rejects.toThrow('the journal is closed');
});

test('a server that is away gives errors, and the journal goes on when it is back', async () => {
  const place = join(folder.path, 'away');
  const first = await startPostgres(place);
  const journal = await open(await createDatabase(first));
  await journal.accept([makeAlert()], AT);
  await first.stop();
  await expect(journal.accept([makeAlert()], AT)).rejects.toBeInstanceOf(JournalError);
  await expect(journal.runs(1)).rejects.toBeInstanceOf(JournalError);
  const second = await first.restart();
  expect(await journal.runs(10)).toHaveLength(1);
  await journal.close();
  await second.stop();
});
