import { messageOf } from '../message-of.ts';
import { JournalError } from './journal-error.ts';
import type { Journal } from './journal.ts';
import { migratePostgres } from './postgres-database.ts';
import { leaseTimes, type LeaseTimes } from './lease-times.ts';
import { PostgresLeases } from './postgres-leases.ts';
import { createPostgresPool, type PostgresAddress, type PostgresPool } from './postgres-pool.ts';
import { PostgresEpisodes } from './postgres-episodes.ts';
import { PostgresMessages } from './postgres-messages.ts';
import { PostgresService } from './postgres-service.ts';
import { PostgresStatements } from './postgres-statements.ts';

const CONNECTIONS = 10;
/** Leases have their own: a renewal must not wait behind a storm of alerts. */
const LEASE_CONNECTIONS = 2;

/**
 * Opens the journal in a PostgreSQL database, and brings it to today's schema. Rejects with a JournalError where the database cannot be
 * reached or is not one for this program. A connection that breaks later costs the calls that need it, and is replaced.
 */
export async function openPostgresJournal(
  address: PostgresAddress,
  times: LeaseTimes = leaseTimes,
): Promise<Journal> {
  const pool = await createPostgresPool(address, CONNECTIONS);
  try {
    await migratePostgres(pool);
  } catch (error) {
    await pool.close();
    throw new JournalError(`${address.url} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
  return journalOn(pool, await createPostgresPool(address, LEASE_CONNECTIONS), times);
}

function journalOn(pool: PostgresPool, poolOfLeases: PostgresPool, times: LeaseTimes): Journal {
  const leases = new PostgresLeases(poolOfLeases.query, times);
  let isClosed = false;

  async function orJournalError<Value>(work: () => Promise<Value>): Promise<Value> {
    if (isClosed) throw new JournalError('the journal is closed');
    try {
      return await work();
    } catch (error) {
      if (error instanceof JournalError) throw error;
      throw new JournalError(messageOf(error), { cause: error });
    }
  }

  /** What writes is a transaction of its own, committed before it resolves. */
  const call = <Value>(work: (statements: PostgresStatements) => Promise<Value>): Promise<Value> =>
    orJournalError(() => pool.transaction((query) => work(new PostgresStatements(query))));

  return {
    ...episodesOn((work) =>
      orJournalError(() => pool.transaction((query) => work(new PostgresEpisodes(query)))),
    ),
    ...serviceOn((work) =>
      orJournalError(() => pool.transaction((query) => work(new PostgresService(query)))),
    ),
    // Each of these is one statement, too.
    ...messagesOn((work) => orJournalError(() => work(new PostgresMessages(pool.query)))),
    // What only reads is one statement, and needs no transaction around it.
    ...runsRead((work) => orJournalError(() => work(new PostgresStatements(pool.query)))),
    append: (runId, events, change, token) => call((on) => on.append(runId, events, change, token)),
    takeLease: (runId) => orJournalError(() => leases.take(runId)),
    abandonedRuns: () => orJournalError(() => leases.abandoned()),
    claimStart: (runId, events, plan, actedAtMs, token) =>
      call((on) => on.claimStart(runId, events, plan, actedAtMs, token)),
    reclaim: (runId, events, claim, atMs, token) =>
      call((on) => on.reclaim(runId, events, claim, atMs, token)),
    closeAndOpenNext: (runId, events, change, at, token) =>
      call((on) => on.closeAndOpenNext(runId, events, change, at.toISOString(), token)),
    answer: (runId, answer, at) => call((on) => on.answer(runId, answer, at.getTime())),
    async close() {
      if (isClosed) return;
      isClosed = true;
      leases.stop();
      await Promise.all([pool.close(), poolOfLeases.close()]);
    },
  };
}

type ServiceMethods = keyof PostgresService & keyof Journal;

function serviceOn(
  serve: <Value>(work: (service: PostgresService) => Promise<Value>) => Promise<Value>,
): Pick<Journal, ServiceMethods> {
  return {
    pause: () => serve((on) => on.pause()),
    startPause: (pause, owes) => serve((on) => on.startPause(pause, owes)),
    endPause: (at, by) => serve((on) => on.endPause(at.toISOString(), by)),
    countAwaitingApproval: () => serve((on) => on.countAwaitingApproval()),
    resumedAtMs: () => serve((on) => on.resumedAtMs()),
    noteStart: (instance, at, sinceMs) => serve((on) => on.noteStart(instance, at.toISOString(), sinceMs)),
    noteStop: (instance, at) => serve((on) => on.noteStop(instance, at.toISOString())),
  };
}

type MessageMethods = keyof PostgresMessages & keyof Journal;

function messagesOn(
  on: <Value>(work: (messages: PostgresMessages) => Promise<Value>) => Promise<Value>,
): Pick<Journal, MessageMethods> {
  return {
    takeOwed: (atMost, forMs) => on((messages) => messages.takeOwed(atMost, forMs)),
    putOff: (messageId, forMs) => on((messages) => messages.putOff(messageId, forMs)),
    noteTold: (messageId) => on((messages) => messages.noteTold(messageId)),
    countOwed: () => on((messages) => messages.countOwed()),
  };
}

type ReadingMethods =
  'run' | 'newestRun' | 'runs' | 'openRuns' | 'alertsInHand' | 'lastActions' | 'pastActions';

function runsRead(
  read: <Value>(work: (statements: PostgresStatements) => Promise<Value>) => Promise<Value>,
): Pick<Journal, ReadingMethods> {
  return {
    run: (id) => read((on) => on.run(id)),
    newestRun: (fingerprint) => read((on) => on.newestRun(fingerprint)),
    runs: (limit) => read((on) => on.runs(limit)),
    openRuns: () => read((on) => on.openRuns()),
    alertsInHand: (provedSinceMs) => read((on) => on.alertsInHand(provedSinceMs)),
    lastActions: (action, hosts) => read((on) => on.lastActions(action, hosts)),
    pastActions: (query) => read((on) => on.pastActions(query)),
  };
}

type EpisodeMethods = keyof PostgresEpisodes & keyof Journal;

function episodesOn(
  call: <Value>(work: (episodes: PostgresEpisodes) => Promise<Value>) => Promise<Value>,
): Pick<Journal, EpisodeMethods> {
  return {
    accept: (alerts, at) => call((on) => on.accept(alerts, at.toISOString())),
    openNextAttempt: (runId, at) => call((on) => on.openNextAttempt(runId, at.toISOString())),
    unseenRuns: (beforeMs) => call((on) => on.unseenRuns(beforeMs)),
    endUnseen: (runId, beforeMs, at) => call((on) => on.endUnseen(runId, beforeMs, at.toISOString())),
    firstDeliveredAtMs: ({ alert, attempt }) => call((on) => on.firstDeliveredAtMs(alert, attempt)),
    episodesSince: (atMs) => call((on) => on.episodesSince(atMs)),
    removeEpisodes: (beforeMs, atMost) => call((on) => on.removeEpisodes(beforeMs, atMost)),
  };
}
