import { readFile } from 'node:fs/promises';
import type { PostgresPool, Query } from './postgres-pool.ts';

/** The steps from an empty database to today's; the version of a database is how many of them it has taken. */
const migrations = [
  'postgres-0001-runs.sql',
  'postgres-0002-leases.sql',
  'postgres-0003-resting.sql',
  'postgres-0004-seen.sql',
  'postgres-0005-messages.sql',
] as const;

/** The newest version of the schema, which this program knows. */
export const POSTGRES_SCHEMA = migrations.length;

/** The oldest version that its makers still look after as this is written. */
const OLDEST_SERVER = 14;

/** Whoever migrates holds this lock, so that replicas which start at once do so one after the other. */
const MIGRATING = 'steward: migrating';

/** Brings the database to today's schema. Rejects where it, or the server, is not one for this program. */
export async function migratePostgres(pool: PostgresPool): Promise<void> {
  const [server] = await pool.query(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
       pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()`,
  );
  if (Number(server?.['major']) < OLDEST_SERVER)
    throw new Error(
      `it is PostgreSQL ${String(server?.['version'])}, and ${OLDEST_SERVER} or newer is needed`,
    );
  if (server?.['encoding'] !== 'UTF8')
    throw new Error(`its encoding is ${String(server?.['encoding'])}; make it with ENCODING 'UTF8'`);
  await pool.transaction(takeMissingSteps);
}

async function takeMissingSteps(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [MIGRATING]);
  await query('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
  const [row] = await query('SELECT max(version) AS version FROM schema_version');
  const version = Number(row?.['version'] ?? 0);
  if (version > POSTGRES_SCHEMA) {
    throw new Error(
      `it was written by a newer Steward (schema ${version}); this one knows ${POSTGRES_SCHEMA}`,
    );
  }
  for (const [index, name] of migrations.entries()) {
    if (index < version) continue;
    await query(await readFile(new URL(name, import.meta.url), 'utf8'));
    await query('INSERT INTO schema_version (version) VALUES ($1)', [index + 1]);
  }
}
