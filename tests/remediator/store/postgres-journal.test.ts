import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../inventory/secret.ts';
import { freePort } from '../../../lab/parts/free-port.ts';
import { POSTGRES_PASSWORD, startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Alert } from '../../../remediator/alerts/alert.ts';
import { JournalError } from '../../../remediator/store/journal-error.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { leaseTimes } from '../../../remediator/store/lease-times.ts';
import { openPostgresJournal } from '../../../remediator/store/postgres-journal.ts';
import { createPostgresPool } from '../../../remediator/store/postgres-pool.ts';
import { describeJournalAnswers } from '../../contracts/journal-answers.contract.ts';
import { describeJournalEpisodes } from '../../contracts/journal-episodes.contract.ts';
import { describeJournalLeases } from '../../contracts/journal-leases.contract.ts';
import { describeJournalMessages } from '../../contracts/journal-messages.contract.ts';
import { describeJournalPast } from '../../contracts/journal-past.contract.ts';
import { describeJournalStarts } from '../../contracts/journal-starts.contract.ts';
import { describeRestingRuns } from '../../contracts/journal-resting.contract.ts';
import type { JournalStore } from '../../contracts/journal-store.ts';
import { describeJournalContract } from '../../contracts/journal.contract.ts';
import { makeAlert } from '../alerts.ts';
import { makePlan } from '../plans.ts';

const plan = makePlan();
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
/** Leases are renewed more often, so that the tests need not wait for it. */
const openRenewing = (url: string): Promise<Journal> =>
  openPostgresJournal({ url, password: new Secret(POSTGRES_PASSWORD) }, { ...leaseTimes, renewMs: 200 });
const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const createDatabase = (on = postgres) => on.createDatabase(`journal_${randomBytes(8).toString('hex')}`);

async function store(): Promise<JournalStore> {
  const url = await createDatabase();
  return { open: () => open(url), remove: () => Promise.resolve() };
}

describeJournalContract(store);
describeJournalEpisodes(store);
describeJournalAnswers(store);
describeJournalStarts(store);
describeJournalPast(store);
describeJournalLeases(store);
describeJournalMessages(store);
describeRestingRuns(store);

describe('a database', () => {
  test('is brought to its schema once, where many start at the same time', async () => {
    const url = await createDatabase();
    const journals = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    await Promise.all(journals.map((journal) => journal.close()));
    const versions = await postgres.execute(nameOf(url), 'SELECT version FROM schema_version ORDER BY 1');
    expect(versions).toBe('1\n2\n3\n4\n5\n');
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
    [one, other] = await Promise.all([openRenewing(url), openRenewing(url)]);
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

  const end = (id: string): Promise<string> =>
    postgres.execute(nameOf(url), `UPDATE runs SET lease_until = clock_timestamp() WHERE id = '${id}'`);

  test('a lease that has ended is taken over; its holder writes and starts nothing any more', async () => {
    const [id = ''] = await one.accept([makeAlert()], AT);
    const lost = await one.takeLease(id);
    expect(await other.takeLease(id)).toBeUndefined();
    expect(await other.abandonedRuns()).toEqual([]);
    await end(id);
    expect(await other.abandonedRuns()).toEqual([id]);
    const taken = await other.takeLease(id);
    expect(await one.abandonedRuns()).toEqual([]);
    await expect(one.append(id, [], { outcome: 'blocked', reason: 'limit' }, lost?.token)).rejects.toThrow(
      /taken over/,
    );
    await expect(one.claimStart(id, [], plan, 1, lost?.token)).rejects.toThrow(/taken over/);
    await lost?.release('done');
    expect(await one.takeLease(id)).toBeUndefined();
    expect(await other.claimStart(id, [], plan, 1, taken?.token)).toBe(true);
  });

  test('a lease is renewed by itself, and whoever has lost it hears of that', async () => {
    const [id = '', second = ''] = await one.accept([makeAlert(), makeAlert({}, { fingerprint: 'b2' })], AT);
    const kept = await one.takeLease(id);
    const lost = await one.takeLease(second);
    await end(second);
    await other.takeLease(second);
    const until = () => postgres.execute(nameOf(url), `SELECT lease_until FROM runs WHERE id = '${id}'`);
    const before = await until();
    await waitUntil(async () => (await until()) !== before, { what: 'a renewal' });
    await waitUntil(() => Promise.resolve(lost?.signal.aborted), { what: 'the loss to be told' });
    expect([kept?.isHeld(), kept?.signal.aborted, lost?.isHeld()]).toEqual([true, false, false]);
  });

  const letTimePass = (): Promise<string> =>
    postgres.execute(nameOf(url), `UPDATE runs SET lease_until = lease_until - interval '15 seconds'`);
  const makeAlerts = (...fingerprints: string[]): Alert[] =>
    fingerprints.map((fingerprint) => makeAlert({}, { fingerprint }));

  test('a run that was begun and left is abandoned after a while, and so is one that nobody has taken', async () => {
    const [left = '', untouched = '', done = '', taken = ''] = await one.accept(
      makeAlerts('a1', 'b2', 'c3', 'd4'),
      AT,
    );
    await (await one.takeLease(left))?.release('again');
    await (await one.takeLease(done))?.release('done');
    await one.takeLease(taken);
    expect(await other.abandonedRuns()).toEqual([]);
    await letTimePass();
    expect((await other.abandonedRuns()).toSorted()).toEqual([left, untouched].toSorted());
    expect((await other.takeLease(left))?.isHeld()).toBe(true);
  });

  test('a run that has news after it was done, or while it was worked on, is not left at that', async () => {
    const alerts = makeAlerts('a1', 'b2', 'c3', 'd4');
    const [ended = '', answered = '', busy = '', quiet = ''] = await one.accept(alerts, AT);
    for (const id of [ended, answered, quiet]) await (await one.takeLease(id))?.release('done');
    const lease = await one.takeLease(busy);
    await other.accept([{ ...makeAlert({}, { fingerprint: 'a1' }), status: 'resolved' }], AT);
    const yes = { at: AT.toISOString(), kind: 'approved', data: {} } as const;
    await other.append(answered, [yes], {});
    await other.append(busy, [yes], {});
    await one.append(busy, [], { outcome: 'blocked', reason: 'limit' }, lease?.token);
    await lease?.release('done');
    await letTimePass();
    expect((await other.abandonedRuns()).toSorted()).toEqual([ended, answered, busy].toSorted());
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
  const pool = await createPostgresPool({ url, password: new Secret(POSTGRES_PASSWORD) }, 1);
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
