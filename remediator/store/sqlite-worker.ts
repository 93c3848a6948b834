import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../message-of.ts';
import type { Answer, Call } from './sqlite-journal.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { SqliteStatements } from './sqlite-statements.ts';

/** Runs the calls that came since the last commit in one transaction. Each has a savepoint, so that one that fails fails alone. */
function runTogether(db: DatabaseSync, statements: SqliteStatements, calls: readonly Call[]): Answer[] {
  try {
    db.exec('BEGIN IMMEDIATE');
    const answers = calls.map((call) => runOne(db, statements, call));
    db.exec('COMMIT');
    return answers;
  } catch (error) {
    rollBack(db);
    return calls.map(({ id }) => ({ id, error: messageOf(error) }));
  }
}

function runOne(db: DatabaseSync, statements: SqliteStatements, { id, method, args }: Call): Answer {
  db.exec('SAVEPOINT one');
  try {
    const value = (statements[method] as (...values: unknown[]) => unknown).apply(statements, args);
    db.exec('RELEASE one');
    return { id, value };
  } catch (error) {
    // Where even this fails, the disk is full or gone, and the whole transaction fails.
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

function serve(): void {
  const db = openSqliteDatabase(workerData as string);
  const statements = new SqliteStatements(db);
  let pending: Call[] = [];
  parentPort?.on('message', (message: Call | 'close') => {
    if (message === 'close') {
      db.close();
      parentPort?.close();
      return;
    }
    pending.push(message);
    // Messages that arrived while the last commit waited for the disk are all delivered before this runs.
    if (pending.length === 1) {
      setImmediate(() => {
        const calls = pending;
        pending = [];
        parentPort?.postMessage(runTogether(db, statements, calls));
      });
    }
  });
  parentPort?.postMessage('ready');
}

serve();
