import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../message-of.ts';
import { createBallast, isOutOfRoom, type Ballast } from './ballast.ts';
import type { Answer, Call, WorkerOptions } from './sqlite-journal.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { lockSqliteJournal } from './sqlite-lock.ts';
import { SqliteEpisodes } from './sqlite-episodes.ts';
import { SqliteMessages } from './sqlite-messages.ts';
import { createPrepared } from './sqlite-prepared.ts';
import { SqliteStatements } from './sqlite-statements.ts';

/** What has the methods that may be called. */
type Parts = readonly [SqliteStatements, SqliteEpisodes, SqliteMessages];

/** Runs the calls that came since the last commit in one transaction. Each has a savepoint, so that one that fails fails alone. */
function runTogether(db: DatabaseSync, parts: Parts, calls: readonly Call[]): Answer[] {
  try {
    db.exec('BEGIN IMMEDIATE');
    const answers = calls.map((call) => runOne(db, parts, call));
    db.exec('COMMIT');
    return answers;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function runOne(db: DatabaseSync, parts: Parts, { id, method, args }: Call): Answer {
  db.exec('SAVEPOINT one');
  try {
    const part = parts.find((one) => method in one) as unknown as Record<
      string,
      (...values: unknown[]) => unknown
    >;
    const value = part[method]?.(...args);
    db.exec('RELEASE one');
    return { id, value };
  } catch (error) {
    // That is not the fault of this call: the whole transaction fails.
    if (isOutOfRoom(error)) throw error;
    db.exec('ROLLBACK TO one; RELEASE one');
    return { id, error: messageOf(error) };
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself after some failures.
  }
}

/** Does something that a full disk may prevent, once more where giving up the ballast has made room. */
function withBallast<Value>(ballast: Ballast, what: () => Value): Value {
  try {
    return what();
  } catch (error) {
    if (!isOutOfRoom(error) || !ballast.giveUp()) throw error;
    return what();
  }
}

function serve({ file, ballastBytes }: WorkerOptions): void {
  const ballast = createBallast(file, ballastBytes);
  const lock = withBallast(ballast, () => lockSqliteJournal(file));
  const db = withBallast(ballast, () => openSqliteDatabase(file));
  const sql = createPrepared(db);
  const episodes = new SqliteEpisodes(sql);
  const messages = new SqliteMessages(sql);
  const parts = [new SqliteStatements(sql, episodes, messages), episodes, messages] as const;
  const answersTo = (calls: readonly Call[]): Answer[] => {
    try {
      return withBallast(ballast, () => runTogether(db, parts, calls));
    } catch (error) {
      return calls.map(({ id }) => ({ id, error: messageOf(error) }));
    }
  };
  let told: number | undefined;
  const keepBallast = (): void => {
    ballast.putBack();
    if (ballast.bytes() !== told) parentPort?.postMessage(ballast.bytes());
    told = ballast.bytes();
  };
  let pending: Call[] = [];
  parentPort?.on('message', (message: Call | 'close') => {
    if (message === 'close') {
      db.close();
      lock.close();
      parentPort?.close();
      return;
    }
    pending.push(message);
    // Messages that arrived while the last commit waited for the disk are all delivered before this runs.
    if (pending.length === 1) {
      setImmediate(() => {
        const calls = pending;
        pending = [];
        parentPort?.postMessage(answersTo(calls));
        keepBallast();
      });
    }
  });
  keepBallast();
  parentPort?.postMessage('ready');
}

serve(workerData as WorkerOptions);
