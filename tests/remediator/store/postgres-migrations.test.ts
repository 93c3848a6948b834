import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret } from '../../../inventory/secret.ts';
import { POSTGRES_PASSWORD, startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { openPostgresJournal } from '../../../remediator/store/postgres-journal.ts';
import {
  expectKept,
  expectNothingOwed,
  expectSeenNow,
  olderPause,
  olderRows,
  stepsOf,
  textOf,
} from './older-journal.ts';

const steps = stepsOf.postgres;
const versions = steps.map((_, index) => index + 1);
const WITH_LEASES = 2;
/** The first that knows when an alert was seen last. */
const WITH_SEEN = 4;

let folder: TempFolder;
let postgres: Postgres;
beforeAll(async () => {
  folder = await createTempFolder('steward-postgres-migrations');
  postgres = await startPostgres(join(folder.path, 'main'));
});
afterAll(async () => {
  await postgres.stop();
  await folder.remove();
});

describe('a database of an older Steward', () => {
  const read = (name: string, sql: string) => postgres.execute(name, sql);

  /** A Steward with leases leaves an open run to whoever comes next, once its own has ended. */
  async function createAsOf(name: string, version: number, more = ''): Promise<string> {
    const url = await postgres.createDatabase(name);
    const leases = `UPDATE runs SET policy = 'fix' WHERE plan IS NOT NULL;
      ${version >= WITH_LEASES ? `UPDATE runs SET lease_token = 7, lease_until = clock_timestamp() WHERE state <> 'closed';` : ''}`;
    const taken = versions.slice(0, version).map((step) => `INSERT INTO schema_version VALUES (${step});`);
    await postgres.execute(
      name,
      `${steps.slice(0, version).map(textOf).join('\n')}
       CREATE TABLE schema_version (version INTEGER NOT NULL); ${taken.join(' ')}
       ${olderRows(version >= WITH_SEEN)} ${olderPause} ${leases} ${more}`,
    );
    return url;
  }
  const open = (url: string) => openPostgresJournal({ url, password: new Secret(POSTGRES_PASSWORD) });
  /** All that the first schema had of each run. */
  const RUNS = `SELECT id, number, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, plan, policy, acting_on, acted_at_ms, created_at
    FROM runs ORDER BY id`;

  test.each(versions)(
    'of schema %i is brought to the newest, has kept all that was in it, and its open runs are taken over',
    async (version) => {
      const name = `older_${version}`;
      const url = await createAsOf(name, version);
      const before = [await read(name, RUNS), await read(name, 'SELECT * FROM events ORDER BY id')];
      const journal = await open(url);
      await expectKept(journal, true);
      await expectNothingOwed(journal);
      if (version < WITH_SEEN) await expectSeenNow(journal);
      expect(await journal.abandonedRuns()).toEqual(['open', 'cut-off']);
      expect((await journal.takeLease('cut-off'))?.token).toBe(version >= WITH_LEASES ? 8 : 1);
      await journal.close();
      expect([await read(name, RUNS), await read(name, 'SELECT * FROM events ORDER BY id')]).toEqual(before);
      expect(await read(name, `SELECT seen_at FROM runs WHERE id = 'done'`)).toBe(
        '2026-03-01T12:30:00.000Z\n',
      );
      expect(await read(name, 'SELECT version FROM schema_version ORDER BY 1')).toBe(
        versions.map((one) => `${one}\n`).join(''),
      );
    },
  );

  test('that cannot be brought to the newest is left as it was', async () => {
    const url = await createAsOf('stuck', 1, 'CREATE TABLE told (mine INTEGER);');
    await expect(open(url)).rejects.toThrow(/cannot be opened: .*told/);
    expect(await read('stuck', 'SELECT count(*) FROM runs')).toBe('3\n');
    expect(await read('stuck', 'SELECT max(version) FROM schema_version')).toBe('1\n');
    const columns = `SELECT count(*) FROM information_schema.columns WHERE table_name = 'runs' AND column_name LIKE 'lease%'`;
    expect(await read('stuck', columns)).toBe('0\n');
  });
});
