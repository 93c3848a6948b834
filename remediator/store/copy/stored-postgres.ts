import type { Plan } from '../../run/run.ts';
import { migratePostgres } from '../postgres-database.ts';
import { createPostgresPool, REMEDIATOR_NAME, type PostgresAddress, type Query } from '../postgres-pool.ts';
import { postgresText } from '../postgres-text.ts';
import {
  journalTables,
  ROWS_AT_ONCE,
  type StoredJournal,
  type StoredRow,
  type StoredTables,
  type TableName,
} from './stored-journal.ts';

/** Where the order of a table's rows stands. */
const PLACES: Readonly<Record<TableName, string>> = {
  runs: 'number',
  events: 'id',
  pauses: 'id',
  resumptions: 'id',
  starts: 'id',
  messages: 'number',
};

/** Opens a journal in a database, and brings it to today's schema. Rejects where a remediator works with it. */
export async function openStoredPostgres(address: PostgresAddress): Promise<StoredJournal> {
  const pool = await createPostgresPool(address, 1, 'steward-journal-copy');
  try {
    await migratePostgres(pool);
    const others = await pool.query(
      'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [REMEDIATOR_NAME],
    );
    if (others.length > 0) throw new Error('a remediator works with it: stop all that do');
  } catch (error) {
    await pool.close();
    throw error;
  }
  return {
    read: (work) =>
      pool.transaction(async (query) => {
        await query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return work(tablesOf(query));
      }),
    write: (work) =>
      pool.transaction(async (query) => {
        // A remediator that starts meanwhile waits, and finds all of it.
        await query('LOCK TABLE runs, pauses, resumptions, starts, messages IN ACCESS EXCLUSIVE MODE');
        const value = await work(tablesOf(query));
        await query(`UPDATE runs SET lease_until = clock_timestamp() WHERE state <> 'closed'`);
        return value;
      }),
    close: () => pool.close(),
  };
}

function tablesOf(query: Query): StoredTables {
  return {
    async count(table) {
      const [row] = await query(`SELECT count(*) AS count FROM ${table}`);
      return Number(row?.['count']);
    },
    rows: (table) => rowsOf(query, table),
    async add(table, rows) {
      const columns = [...journalTables[table], ...(table === 'runs' ? ['policy'] : [])];
      const values = table === 'runs' ? rows.map((row) => [...row, policyOf(row)]) : rows;
      const records = values.map((row) =>
        Object.fromEntries<unknown>(row.map((value, at) => [columns[at] ?? '', value])),
      );
      await query(
        `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => `one.${name}`).join(', ')}
         FROM unnest($1::text[]) WITH ORDINALITY AS place (record, number),
           json_populate_record(NULL::${table}, place.record::json) AS one
         ORDER BY place.number`,
        [records.map((record) => JSON.stringify(record, asPostgresText))],
      );
    },
  };
}

/** The journal in PostgreSQL has a column for what SQLite looks up in the plan. */
function policyOf(row: StoredRow): string | null {
  const plan = row[journalTables.runs.indexOf('plan')];
  return typeof plan === 'string' ? (JSON.parse(plan) as Plan).policy : null;
}

function asPostgresText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? postgresText(value) : value;
}

async function* rowsOf(query: Query, table: TableName): AsyncGenerator<readonly StoredRow[]> {
  const columns = journalTables[table];
  const place = PLACES[table];
  let rows: Record<string, unknown>[];
  for (let last = 0; ; last = Number(rows.at(-1)?.['place'])) {
    rows = await query(
      `SELECT ${place} AS place, ${columns.join(', ')} FROM ${table} WHERE ${place} > $1 ORDER BY ${place} LIMIT ${ROWS_AT_ONCE}`,
      [last],
    );
    if (rows.length === 0) return;
    yield rows.map((row) => columns.map((name): StoredRow[number] => row[name] as StoredRow[number]));
  }
}
