import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunEvent } from '../run/run.ts';

/** Gives the statement of a text. */
export type Prepared = (text: string) => StatementSync;

/** Makes it. Statements are kept: to prepare one takes longer than to run it. */
export function createPrepared(db: DatabaseSync): Prepared {
  const known = new Map<string, StatementSync>();
  return (text) => {
    const statement = known.get(text) ?? db.prepare(text);
    known.set(text, statement);
    return statement;
  };
}

/** Adds events to a run, in their order. */
export function addEvents(sql: Prepared, runId: string, events: readonly RunEvent[]): void {
  const insert = sql('INSERT INTO events (run_id, at, kind, data) VALUES (?, ?, ?, ?)');
  for (const { at, kind, data } of events) insert.run(runId, at, kind, JSON.stringify(data));
}
