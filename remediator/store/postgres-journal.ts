import { messageOf } from '../message-of.ts';
import { JournalError, type Journal } from './journal.ts';
import { migratePostgres } from './postgres-database.ts';
import { createPostgresPool, type PostgresAddress, type PostgresPool } from './postgres-pool.ts';
import { PostgresStatements } from './postgres-statements.ts';

/**
 * Opens the journal in a PostgreSQL database, and brings it to today's schema. Rejects with a JournalError where the database cannot be
 * reached or is not one for this program. A connection that breaks later costs the calls that need it, and is replaced.
 */
export async function openPostgresJournal(address: PostgresAddress): Promise<Journal> {
  const pool = await createPostgresPool(address);
  try {
    await migratePostgres(pool);
  } catch (error) {
    await pool.close();
    throw new JournalError(`${address.url} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
  return journalOn(pool);
}

function journalOn(pool: PostgresPool): Journal {
  let isClosed = false;

  /** Each call is a transaction of its own, committed before it resolves. */
  async function call<Value>(work: (statements: PostgresStatements) => Promise<Value>): Promise<Value> {
    if (isClosed) throw new JournalError('the journal is closed');
    try {
      return await pool.transaction((query) => work(new PostgresStatements(query)));
    } catch (error) {
      throw new JournalError(messageOf(error), { cause: error });
    }
  }

  /** What only reads is one statement, and needs no transaction around it. */
  async function read<Value>(work: (statements: PostgresStatements) => Promise<Value>): Promise<Value> {
    if (isClosed) throw new JournalError('the journal is closed');
    try {
      return await work(new PostgresStatements(pool.query));
    } catch (error) {
      throw new JournalError(messageOf(error), { cause: error });
    }
  }

  return {
    accept: (alerts, at) => call((on) => on.accept(alerts, at.toISOString())),
    append: (runId, events, change) => call((on) => on.append(runId, events, change)),
    claimStart: (runId, events, plan, actedAtMs) =>
      call((on) => on.claimStart(runId, events, plan, actedAtMs)),
    openNextAttempt: (runId, at) => call((on) => on.openNextAttempt(runId, at.toISOString())),
    run: (id) => read((on) => on.run(id)),
    newestRun: (fingerprint) => read((on) => on.newestRun(fingerprint)),
    runs: (limit) => read((on) => on.runs(limit)),
    openRuns: () => read((on) => on.openRuns()),
    pastActions: (query) => read((on) => on.pastActions(query)),
    episodesSince: (atMs) => read((on) => on.episodesSince(atMs)),
    pause: () => read((on) => on.pause()),
    startPause: (pause) => call((on) => on.startPause(pause)),
    endPause: (at, by) => call((on) => on.endPause(at.toISOString(), by)),
    resumedAtMs: () => read((on) => on.resumedAtMs()),
    removeEpisodes: (beforeMs, atMost) => call((on) => on.removeEpisodes(beforeMs, atMost)),
    noteStart: (instance, at, sinceMs) => call((on) => on.noteStart(instance, at.toISOString(), sinceMs)),
    noteStop: (instance, at) => call((on) => on.noteStop(instance, at.toISOString())),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await pool.close();
    },
  };
}
