import type { Owed } from '../notify/message.ts';
import type { Pause } from '../pause.ts';
import { PostgresMessages } from './postgres-messages.ts';
import type { Query } from './postgres-pool.ts';
import { postgresText as text } from './postgres-text.ts';
import { toPause } from './rows.ts';

/** Whoever starts an action shares this lock, and whoever starts a pause has it alone: the one sees the other. */
export const PAUSING = 'steward: pausing';

/** What the journal knows beside its runs: pauses and starts of this program. Each is made to run in a transaction of its own. */
export class PostgresService {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async pause(): Promise<Pause | undefined> {
    const [row] = await this.#query('SELECT * FROM pauses WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1');
    return row === undefined ? undefined : toPause(row);
  }

  async startPause({ since, untilMs, by, reason }: Pause, owes?: Owed): Promise<void> {
    if (owes !== undefined) await new PostgresMessages(this.#query).owe(owes);
    await this.#query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [PAUSING]);
    await this.#endPauses(since, by);
    await this.#query('INSERT INTO pauses (since, until_ms, by, reason) VALUES ($1, $2, $3, $4)', [
      since,
      untilMs,
      text(by),
      text(reason),
    ]);
  }

  async endPause(at: string, by: string): Promise<void> {
    await this.#endPauses(at, by);
    await this.#query('INSERT INTO resumptions (at_ms, by) VALUES ($1, $2)', [Date.parse(at), text(by)]);
  }

  async countAwaitingApproval(): Promise<number> {
    const [row] = await this.#query(
      `SELECT count(*) AS count FROM runs WHERE state <> 'closed' AND outcome = 'awaiting_approval'`,
    );
    return Number(row?.['count']);
  }

  async resumedAtMs(): Promise<number | undefined> {
    const [row] = await this.#query('SELECT max(at_ms) AS at_ms FROM resumptions');
    return (row?.['at_ms'] ?? undefined) as number | undefined;
  }

  async noteStart(instance: string, at: string, sinceMs: number): Promise<number> {
    const [row] = await this.#query(
      'SELECT count(*) AS count FROM starts WHERE instance = $1 AND started_at_ms >= $2 AND stopped_at_ms IS NULL',
      [instance, sinceMs],
    );
    await this.#query('INSERT INTO starts (instance, started_at_ms) VALUES ($1, $2)', [
      instance,
      Date.parse(at),
    ]);
    return Number(row?.['count']);
  }

  async noteStop(instance: string, at: string): Promise<void> {
    await this.#query(
      'UPDATE starts SET stopped_at_ms = $1 WHERE id = (SELECT max(id) FROM starts WHERE instance = $2)',
      [Date.parse(at), instance],
    );
  }

  async #endPauses(at: string, by: string): Promise<void> {
    await this.#query('UPDATE pauses SET ended_at = $1, ended_by = $2 WHERE ended_at IS NULL', [
      at,
      text(by),
    ]);
  }
}
