import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Secret } from '../../inventory/secret.ts';

/** Where the database is, and how to log in. */
export interface PostgresAddress {
  /** `postgres://user@host:port/database`, without a password. */
  readonly url: string;
  /** Undefined where the server asks for none. */
  readonly password: Secret | undefined;
}

/** Runs one statement and resolves with its rows. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A row, by the names of its columns. */
export type Row = QueryResultRow & Readonly<Record<string, unknown>>;

/** Connections to one database. */
export interface PostgresPool {
  /** Runs statements in one transaction: all of it, or nothing. What clashed with another transaction is run again. */
  transaction<Value>(work: (query: Query) => Promise<Value>): Promise<Value>;
  readonly query: Query;
  close(): Promise<void>;
}

/** How the remediator's connections are called among those of the server. */
export const REMEDIATOR_NAME = 'steward-remediator';

const CONNECT_MS = 5000;
/** No statement of the journal takes that long on a database that is well. */
const STATEMENT_MS = 20_000;
/** A network that is cut answers nothing at all, and the server's own limit does not come through. */
const ANSWER_MS = STATEMENT_MS + 5000;
/** A process that is stopped in the middle of a transaction must not hold its locks for long. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const TRIES = 5;

/** Unique and foreign keys that another transaction was quicker with, and transactions that waited for each other. */
const CLASHES: ReadonlySet<unknown> = new Set(['23503', '23505', '40001', '40P01']);

/**
 * Makes the connections; each is opened when it is first needed. So many transactions are under way at the same time; the others wait for their
 * turn.
 */
export async function createPostgresPool(
  { url, password }: PostgresAddress,
  connections: number,
  name: string = REMEDIATOR_NAME,
): Promise<PostgresPool> {
  const { default: driver } = await import('pg');
  // Milliseconds since the epoch and counts are numbers; the driver leaves them as texts.
  driver.types.setTypeParser(driver.types.builtins.INT8, Number);
  const pool = new driver.Pool({
    connectionString: withPassword(url, password),
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    application_name: name,
    // What is answered must survive a crash, however the server is set up.
    options: '-c synchronous_commit=on',
  });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  return {
    query: async (text, values = []) => (await pool.query<Row>(text, [...values])).rows,
    transaction: (work) => withoutClashes(() => inTransaction(pool, work)),
    close: () => pool.end(),
  };
}

/** What stands in the address counts for the driver, and nothing that is said beside it. */
function withPassword(url: string, password: Secret | undefined): string {
  const address = new URL(url);
  if (password !== undefined) address.password = encodeURIComponent(password.reveal());
  return address.href;
}

async function withoutClashes<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !CLASHES.has(codeOf(error))) throw error;
    }
  }
}

async function inTransaction<Value>(pool: Pool, work: (query: Query) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  let broken = false;
  // An error of a connection that is in use comes with the statement, too.
  const noteBroken = (): void => void (broken = true);
  client.on('error', noteBroken);
  try {
    await client.query('BEGIN');
    const value = await work(async (text, values = []) => (await client.query<Row>(text, [...values])).rows);
    await client.query('COMMIT');
    return value;
  } catch (error) {
    broken ||= isUnreachable(error) || !(await rollBack(client));
    throw error;
  } finally {
    client.off('error', noteBroken);
    client.release(broken);
  }
}

/** Resolves with whether the connection is still good. */
async function rollBack(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/** The server's code of an error (https://www.postgresql.org/docs/current/errcodes-appendix.html) or Node's, or undefined. */
function codeOf(error: unknown): string | undefined {
  return Error.isError(error) && 'code' in error ? String(error.code) : undefined;
}

/** What Node and the server say of a server that is not there, or not yet: class 08, and 57P03 while it starts. */
const UNREACHABLE =
  /^(?:08...|57P0[123]|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** Whether an error, or its cause, says that the server cannot be reached, so that it may help to try again. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return UNREACHABLE.test(code);
  if (!Error.isError(error)) return false;
  // What the driver itself says has no code: that a connection was not made, or a query not answered, in time, or that it broke.
  if (/timeout|Connection terminated/.test(error.message)) return true;
  return error.cause !== undefined && isUnreachable(error.cause);
}
