import type { Alert } from '../alerts/alert.ts';
import { beginningOf } from './episode-events.ts';
import type { Episode, UnseenRun } from './journal.ts';
import { addEvents, NEWS, SOON } from './postgres-news.ts';
import type { Query } from './postgres-pool.ts';
import { toAlert, toEpisode } from './rows.ts';
import { createRunId } from './run-id.ts';
import { wordOf, type NewestRun } from './word-of-delivery.ts';

const REMOVING = 'steward: removing';
/** Deliveries of the same alert come one after the other. So many of them at once are enough, and not too many locks for one transaction. */
const ALERT_LOCKS = 64;

/** What the journal does to the episodes of its database, which are the runs of one alert from a start; each is made to run in a transaction of its own. */
export class PostgresEpisodes {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async accept(alerts: readonly Alert[], at: string): Promise<string[]> {
    await this.#lockAlerts(alerts);
    const ids: string[] = [];
    for (const alert of alerts) ids.push(...(await this.#acceptOne(alert, at)));
    return ids;
  }

  async openNextAttempt(runId: string, at: string): Promise<string | undefined> {
    await this.lockAlertOf(runId);
    const [row] = await this.#query(
      `SELECT * FROM runs AS run WHERE id = $1 AND state = 'closed' AND acted_at_ms IS NOT NULL AND alert_status = 'firing'
         AND NOT EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)`,
      [runId],
    );
    return row === undefined ? undefined : this.#open(toAlert(row), Number(row['attempt']) + 1, at);
  }

  async unseenRuns(beforeMs: number): Promise<UnseenRun[]> {
    const rows = await this.#query(
      `SELECT * FROM runs WHERE state = 'waiting' AND alert_status = 'firing' AND seen_at < $1 ORDER BY created_at, number`,
      [new Date(beforeMs).toISOString()],
    );
    return rows.map((row) => ({ runId: row['id'] as string, alert: toAlert(row) }));
  }

  async endUnseen(runId: string, beforeMs: number, at: string): Promise<boolean> {
    await this.lockAlertOf(runId);
    const since = new Date(beforeMs).toISOString();
    const ended = await this.#query(
      `UPDATE runs SET alert_status = 'resolved', seen_at = $2, ${NEWS}
       WHERE id = $1 AND state = 'waiting' AND alert_status = 'firing' AND seen_at < $3 RETURNING id`,
      [runId, at, since],
    );
    if (ended.length === 1)
      await addEvents(this.#query, runId, [
        { at, kind: 'received', data: { status: 'resolved', notSeenSince: since } },
      ]);
    return ended.length === 1;
  }

  async firstDeliveredAtMs({ fingerprint, startsAt }: Alert, attempt: number): Promise<number> {
    const [row] = await this.#query(
      `SELECT min(created_at) AS at FROM runs WHERE fingerprint = $1 AND starts_at = $2 AND attempt > coalesce((
         SELECT max(attempt) FROM runs WHERE fingerprint = $1 AND starts_at = $2 AND outcome = 'verified' AND attempt < $3), 0)`,
      [fingerprint, startsAt, attempt],
    );
    return Date.parse(row?.['at'] as string);
  }

  async episodesSince(atMs: number): Promise<Episode[]> {
    const rows = await this.#query(
      `SELECT id, labels, created_at, alert_status, state FROM runs AS run
       WHERE created_at >= $1 AND outcome IS DISTINCT FROM 'verified' AND NOT EXISTS (
         SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)
       ORDER BY created_at, number`,
      [new Date(atMs).toISOString()],
    );
    return rows.map(toEpisode);
  }

  /** One replica at a time removes; the others find nothing to do. */
  async removeEpisodes(beforeMs: number, atMost: number): Promise<number> {
    const [lock] = await this.#query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine', [
      REMOVING,
    ]);
    if (lock?.['mine'] !== true) return 0;
    const old = await this.#query(
      `SELECT fingerprint, starts_at FROM runs AS run
       WHERE created_at < $1 AND (acted_at_ms IS NULL OR acted_at_ms < $2) AND state = 'closed'
         AND NOT EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)
         AND (alert_status = 'resolved' OR seen_at < $1)
       ORDER BY created_at, number LIMIT $3`,
      [new Date(beforeMs).toISOString(), beforeMs, atMost],
    );
    for (const { fingerprint, starts_at: startsAt } of old) {
      await this.#query(
        'DELETE FROM events WHERE run_id IN (SELECT id FROM runs WHERE fingerprint = $1 AND starts_at = $2)',
        [fingerprint, startsAt],
      );
      await this.#query('DELETE FROM runs WHERE fingerprint = $1 AND starts_at = $2', [
        fingerprint,
        startsAt,
      ]);
    }
    return old.length;
  }

  /** Whoever says something of the alert of a run, or opens another run of it, comes after this transaction. */
  async lockAlertOf(runId: string): Promise<void> {
    const [row] = await this.#query('SELECT fingerprint FROM runs WHERE id = $1', [runId]);
    if (row !== undefined) await this.#lockAlerts([{ fingerprint: row['fingerprint'] as string }]);
  }

  /** In an order of their own, so that two deliveries with the same alerts never wait for each other. */
  async #lockAlerts(alerts: readonly { readonly fingerprint: string }[]): Promise<void> {
    await this.#query(
      `SELECT pg_advisory_xact_lock(hashtextextended('steward: alerts ' || slot, 0)) FROM (
         SELECT DISTINCT hashtext(fingerprint) & ${ALERT_LOCKS - 1} AS slot FROM unnest($1::text[]) AS fingerprint
         ORDER BY slot) AS slots`,
      [alerts.map(({ fingerprint }) => fingerprint)],
    );
  }

  async #acceptOne(alert: Alert, at: string): Promise<string[]> {
    const newest = await this.#newestOf(alert);
    const word = wordOf(alert, newest, at);
    if (newest === undefined || word === 'begins') {
      const ended = await this.#endEarlier(alert, at);
      const id = await this.#open(alert, 1, at);
      return alert.status === 'firing' ? [id, ...ended] : ended;
    }
    if (word === 'is_back') return [await this.#goOn(newest, alert, at)];
    if (word === 'goes_on') await this.#query('UPDATE runs SET seen_at = $2 WHERE id = $1', [newest.id, at]);
    if (word === 'ends') {
      await this.#query(`UPDATE runs SET alert_status = 'resolved', seen_at = $2, ${NEWS} WHERE id = $1`, [
        newest.id,
        at,
      ]);
      await addEvents(this.#query, newest.id, [{ at, kind: 'received', data: { status: alert.status } }]);
    }
    return [newest.id];
  }

  async #newestOf({ fingerprint, startsAt }: Alert): Promise<NewestRun | undefined> {
    const [row] = await this.#query(
      `SELECT id, starts_at, attempt, alert_status, seen_at,
         EXISTS (SELECT 1 FROM runs WHERE fingerprint = newest.fingerprint AND starts_at = $2) AS is_known
       FROM runs AS newest WHERE fingerprint = $1 ORDER BY starts_at DESC, attempt DESC LIMIT 1`,
      [fingerprint, startsAt],
    );
    return row as NewestRun | undefined;
  }

  async #open(alert: Alert, attempt: number, at: string): Promise<string> {
    const { fingerprint, startsAt, labels, status } = alert;
    const { state, outcome, reason, events } = beginningOf(alert, attempt, at);
    const id = createRunId(new Date(at));
    await this.#query(
      `INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, created_at, seen_at, lease_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, ${SOON})`,
      [id, fingerprint, startsAt, attempt, JSON.stringify(labels), status, state, outcome, reason, at],
    );
    await addEvents(this.#query, id, events);
    return id;
  }

  /** An alert that started anew had ended before, though nobody may have told of it. */
  async #endEarlier({ fingerprint, startsAt }: Alert, at: string): Promise<string[]> {
    const rows = await this.#query(
      `UPDATE runs SET alert_status = 'resolved', seen_at = $3, ${NEWS}
       WHERE fingerprint = $1 AND starts_at < $2 AND alert_status = 'firing'
       RETURNING id`,
      [fingerprint, startsAt, at],
    );
    const ids = rows.map(({ id }) => id as string);
    const data = { status: 'resolved', startedAnew: startsAt };
    for (const id of ids) await addEvents(this.#query, id, [{ at, kind: 'received', data }]);
    return ids;
  }

  /** A run that is open goes on with the alert that is back; else there is a new one. */
  async #goOn({ id, starts_at: startsAt, attempt }: NewestRun, alert: Alert, at: string): Promise<string> {
    const open = await this.#query(
      `UPDATE runs SET alert_status = 'firing', seen_at = $2, ${NEWS} WHERE id = $1 AND state <> 'closed' RETURNING id`,
      [id, at],
    );
    if (open.length === 0) return this.#open({ ...alert, startsAt }, attempt + 1, at);
    await addEvents(this.#query, id, [{ at, kind: 'received', data: { status: alert.status } }]);
    return id;
  }
}
