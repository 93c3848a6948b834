import type { Alert } from '../alerts/alert.ts';
import { beginningOf } from './episode-events.ts';
import type { Episode, UnseenRun } from './journal.ts';
import { createRunId } from './run-id.ts';
import { toAlert, toEpisode } from './rows.ts';
import { addEvents, type Prepared } from './sqlite-prepared.ts';
import { wordOf, type NewestRun } from './word-of-delivery.ts';

/** What the journal does to the episodes of its database, which are the runs of one alert from a start; each method runs inside a transaction that the caller opened. */
export class SqliteEpisodes {
  readonly #sql: Prepared;

  constructor(sql: Prepared) {
    this.#sql = sql;
  }

  accept(alerts: readonly Alert[], at: string): string[] {
    return alerts.flatMap((alert) => this.#acceptOne(alert, at));
  }

  openNextAttempt(runId: string, at: string): string | undefined {
    const row = this.#sql(
      `SELECT * FROM runs AS run WHERE id = ? AND state = 'closed' AND acted_at_ms IS NOT NULL AND alert_status = 'firing'
         AND NOT EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)`,
    ).get(runId);
    return row === undefined ? undefined : this.#open(toAlert(row), Number(row['attempt']) + 1, at);
  }

  unseenRuns(beforeMs: number): UnseenRun[] {
    const rows = this.#sql(
      `SELECT * FROM runs WHERE state = 'waiting' AND alert_status = 'firing' AND seen_at < ? ORDER BY created_at, rowid`,
    ).all(new Date(beforeMs).toISOString());
    return rows.map((row) => ({ runId: row['id'] as string, alert: toAlert(row) }));
  }

  endUnseen(runId: string, beforeMs: number, at: string): boolean {
    const since = new Date(beforeMs).toISOString();
    const { changes } = this.#sql(
      `UPDATE runs SET alert_status = 'resolved', seen_at = ?
       WHERE id = ? AND state = 'waiting' AND alert_status = 'firing' AND seen_at < ?`,
    ).run(at, runId, since);
    if (changes === 1)
      addEvents(this.#sql, runId, [
        { at, kind: 'received', data: { status: 'resolved', notSeenSince: since } },
      ]);
    return changes === 1;
  }

  episodesSince(atMs: number): Episode[] {
    const rows = this.#sql(
      `SELECT id, labels, created_at, alert_status, state FROM runs AS run
       WHERE created_at >= ? AND outcome IS NOT 'verified' AND NOT EXISTS (
         SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)
       ORDER BY created_at`,
    ).all(new Date(atMs).toISOString());
    return rows.map(toEpisode);
  }

  removeEpisodes(beforeMs: number, atMost: number): number {
    const before = new Date(beforeMs).toISOString();
    const old = this.#sql(
      `SELECT fingerprint, starts_at FROM runs AS run
       WHERE created_at < ? AND (acted_at_ms IS NULL OR acted_at_ms < ?) AND state = 'closed'
         AND NOT EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)
         AND (alert_status = 'resolved' OR seen_at < ?)
       ORDER BY created_at LIMIT ?`,
    ).all(before, beforeMs, before, atMost);
    for (const { fingerprint, starts_at: startsAt } of old as { fingerprint: string; starts_at: string }[]) {
      this.#sql(
        'DELETE FROM events WHERE run_id IN (SELECT id FROM runs WHERE fingerprint = ? AND starts_at = ?)',
      ).run(fingerprint, startsAt);
      this.#sql('DELETE FROM runs WHERE fingerprint = ? AND starts_at = ?').run(fingerprint, startsAt);
    }
    return old.length;
  }

  #acceptOne(alert: Alert, at: string): string[] {
    const newest = this.#newestOf(alert);
    const word = wordOf(alert, newest, at);
    if (newest === undefined || word === 'begins') {
      const ended = this.#endEarlier(alert, at);
      const id = this.#open(alert, 1, at);
      return alert.status === 'firing' ? [id, ...ended] : ended;
    }
    if (word === 'is_back') return [this.#goOn(newest, alert, at)];
    if (word === 'goes_on') this.#sql('UPDATE runs SET seen_at = ? WHERE id = ?').run(at, newest.id);
    if (word === 'ends') {
      this.#sql(`UPDATE runs SET alert_status = 'resolved', seen_at = ? WHERE id = ?`).run(at, newest.id);
      addEvents(this.#sql, newest.id, [{ at, kind: 'received', data: { status: alert.status } }]);
    }
    return [newest.id];
  }

  #newestOf({ fingerprint, startsAt }: Alert): NewestRun | undefined {
    return this.#sql(
      `SELECT id, starts_at, attempt, alert_status, seen_at,
         EXISTS (SELECT 1 FROM runs WHERE fingerprint = newest.fingerprint AND starts_at = ?) AS is_known
       FROM runs AS newest WHERE fingerprint = ? ORDER BY starts_at DESC, attempt DESC LIMIT 1`,
    ).get(startsAt, fingerprint) as NewestRun | undefined;
  }

  #open(alert: Alert, attempt: number, at: string): string {
    const { fingerprint, startsAt, labels, status } = alert;
    const { state, outcome, reason, events } = beginningOf(alert, attempt, at);
    const id = createRunId(new Date(at));
    this.#sql(
      `INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, created_at, seen_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      ...[id, fingerprint, startsAt, attempt, JSON.stringify(labels), status, state, outcome, reason, at, at],
    );
    addEvents(this.#sql, id, events);
    return id;
  }

  /** An alert that started anew had ended before, though nobody may have told of it. */
  #endEarlier({ fingerprint, startsAt }: Alert, at: string): string[] {
    const rows = this.#sql(
      `UPDATE runs SET alert_status = 'resolved', seen_at = ? WHERE fingerprint = ? AND starts_at < ? AND alert_status = 'firing'
       RETURNING id`,
    ).all(at, fingerprint, startsAt) as { id: string }[];
    for (const { id } of rows)
      addEvents(this.#sql, id, [
        { at, kind: 'received', data: { status: 'resolved', startedAnew: startsAt } },
      ]);
    return rows.map(({ id }) => id);
  }

  /** A run that is open goes on with the alert that is back; else there is a new one. */
  #goOn({ id, starts_at: startsAt, attempt }: NewestRun, alert: Alert, at: string): string {
    const { changes } = this.#sql(
      `UPDATE runs SET alert_status = 'firing', seen_at = ? WHERE id = ? AND state <> 'closed'`,
    ).run(at, id);
    if (changes === 0) return this.#open({ ...alert, startsAt }, attempt + 1, at);
    addEvents(this.#sql, id, [{ at, kind: 'received', data: { status: alert.status } }]);
    return id;
  }
}
