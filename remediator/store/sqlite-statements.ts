import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Alert } from '../alert.ts';
import type { Pause } from '../pause.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { Episode, PastAction, PastActionQuery, Reclaim, RunChange } from './journal.ts';
import { createRunId } from './run-id.ts';
import { toEpisode, toPastAction, toPause, toRun } from './rows.ts';

/** What the journal does to its database; each method runs inside a transaction that the caller opened. */
export class SqliteStatements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  accept(alerts: readonly Alert[], at: string): string[] {
    return alerts.flatMap((alert) => {
      const known = this.#newestOf(alert);
      if (known !== undefined) return [this.#noteStatus(known, alert, at)];
      const ended = this.#endEarlier(alert, at);
      return alert.status === 'firing' ? [this.#insertRun(alert, 1, at), ...ended] : ended;
    });
  }

  append(runId: string, events: readonly RunEvent[], { state, outcome, reason, plan }: RunChange): void {
    const { changes } = this.#sql(
      `UPDATE runs SET state = coalesce(?, state), outcome = coalesce(?, outcome), reason = coalesce(?, reason),
         plan = coalesce(?, plan)
       WHERE id = ? AND state <> 'closed'`,
    ).run(
      state ?? null,
      outcome ?? null,
      reason ?? null,
      plan === undefined ? null : JSON.stringify(plan),
      runId,
    );
    if (changes !== 1) throw new Error(`run ${runId} is closed or not there`);
    this.#addEvents(runId, events);
  }

  claimStart(runId: string, events: readonly RunEvent[], plan: Plan, actedAtMs: number): boolean {
    const busy = this.#sql(
      `SELECT 1 FROM runs WHERE acting_on = ? AND state IN ('acting', 'verifying', 'undoing')`,
    ).get(plan.host);
    const paused = this.#sql(
      'SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > ?)',
    ).get(actedAtMs);
    if (busy !== undefined || paused !== undefined) return false;
    const { changes } = this.#sql(
      `UPDATE runs SET state = 'acting', outcome = NULL, reason = NULL, plan = ?, acting_on = ?, acted_at_ms = ?
       WHERE id = ? AND state = 'waiting' AND alert_status = 'firing' AND acted_at_ms IS NULL`,
    ).run(JSON.stringify(plan), plan.host, actedAtMs, runId);
    if (changes === 1) this.#addEvents(runId, events);
    return changes === 1;
  }

  reclaim(runId: string, events: readonly RunEvent[], { state, isHeldBack }: Reclaim, atMs: number): boolean {
    const { changes } = this.#sql(
      `UPDATE runs SET state = :state WHERE id = :id AND state = 'resting'
         AND NOT EXISTS (
           SELECT 1 FROM runs AS other WHERE other.acting_on = runs.acting_on AND other.state IN ('acting', 'verifying', 'undoing'))
         AND (:isHeldBack = 0 OR (alert_status = 'firing' AND NOT EXISTS (
           SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > :at))))`,
    ).run({ id: runId, state, isHeldBack: Number(isHeldBack), at: atMs });
    if (changes === 1) this.#addEvents(runId, events);
    return changes === 1;
  }

  openNextAttempt(runId: string, at: string): string | undefined {
    const run = this.run(runId);
    if (run?.state !== 'closed' || run.actedAtMs === undefined || run.alert.status !== 'firing')
      return undefined;
    if (this.#newestOf(run.alert)?.id !== runId) return undefined;
    return this.#insertRun(run.alert, run.attempt + 1, at);
  }

  run(id: string): Run | undefined {
    const row = this.#sql('SELECT * FROM runs WHERE id = ?').get(id);
    return row === undefined ? undefined : this.#withEvents(row);
  }

  newestRun(fingerprint: string): string | undefined {
    const row = this.#sql(
      'SELECT id FROM runs WHERE fingerprint = ? ORDER BY starts_at DESC, attempt DESC LIMIT 1',
    ).get(fingerprint);
    return row?.['id'] as string | undefined;
  }

  runs(limit: number): Run[] {
    const rows = this.#sql('SELECT * FROM runs ORDER BY created_at DESC, rowid DESC LIMIT ?').all(limit);
    return rows.map((row) => this.#withEvents(row));
  }

  openRuns(): Run[] {
    const rows = this.#sql(`SELECT * FROM runs WHERE state <> 'closed' ORDER BY created_at, rowid`).all();
    return rows.map((row) => this.#withEvents(row));
  }

  pastActions({ policy, policySinceMs, host, hostSinceMs }: PastActionQuery): PastAction[] {
    const rows = this.#sql(
      `SELECT id, fingerprint, plan, acted_at_ms, outcome, reason FROM runs
       WHERE acted_at_ms >= ? AND json_extract(plan, '$.policy') = ?
       UNION
       SELECT id, fingerprint, plan, acted_at_ms, outcome, reason FROM runs WHERE acted_at_ms >= ? AND acting_on = ?
       ORDER BY acted_at_ms`,
    ).all(policySinceMs, policy, hostSinceMs, host);
    return rows.map(toPastAction);
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
    const old = this.#sql(
      `SELECT fingerprint, starts_at FROM runs AS run
       WHERE created_at < ? AND (acted_at_ms IS NULL OR acted_at_ms < ?) AND state = 'closed'
         AND NOT EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at = run.starts_at AND attempt > run.attempt)
         AND (alert_status = 'resolved' OR EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at > run.starts_at))
       ORDER BY created_at LIMIT ?`,
    ).all(new Date(beforeMs).toISOString(), beforeMs, atMost);
    for (const { fingerprint, starts_at: startsAt } of old as { fingerprint: string; starts_at: string }[]) {
      this.#sql(
        'DELETE FROM events WHERE run_id IN (SELECT id FROM runs WHERE fingerprint = ? AND starts_at = ?)',
      ).run(fingerprint, startsAt);
      this.#sql('DELETE FROM runs WHERE fingerprint = ? AND starts_at = ?').run(fingerprint, startsAt);
    }
    return old.length;
  }

  pause(): Pause | undefined {
    const row = this.#sql('SELECT * FROM pauses WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1').get();
    return row === undefined ? undefined : toPause(row);
  }

  startPause({ since, untilMs, by, reason }: Pause): void {
    this.#endPauses(since, by);
    this.#sql('INSERT INTO pauses (since, until_ms, by, reason) VALUES (?, ?, ?, ?)').run(
      since,
      untilMs ?? null,
      by,
      reason,
    );
  }

  endPause(at: string, by: string): void {
    this.#endPauses(at, by);
    this.#sql('INSERT INTO resumptions (at_ms, by) VALUES (?, ?)').run(Date.parse(at), by);
  }

  countAwaitingApproval(): number {
    const row = this.#sql(
      `SELECT count(*) AS count FROM runs WHERE state <> 'closed' AND outcome = 'awaiting_approval'`,
    ).get();
    return Number(row?.['count']);
  }

  resumedAtMs(): number | undefined {
    const row = this.#sql('SELECT max(at_ms) AS at_ms FROM resumptions').get();
    return (row?.['at_ms'] ?? undefined) as number | undefined;
  }

  noteStart(instance: string, at: string, sinceMs: number): number {
    const row = this.#sql(
      'SELECT count(*) AS count FROM starts WHERE instance = ? AND started_at_ms >= ? AND stopped_at_ms IS NULL',
    ).get(instance, sinceMs);
    this.#sql('INSERT INTO starts (instance, started_at_ms) VALUES (?, ?)').run(instance, Date.parse(at));
    return Number(row?.['count']);
  }

  noteStop(instance: string, at: string): void {
    this.#sql(
      'UPDATE starts SET stopped_at_ms = ? WHERE id = (SELECT max(id) FROM starts WHERE instance = ?)',
    ).run(Date.parse(at), instance);
  }

  #endPauses(at: string, by: string): void {
    this.#sql('UPDATE pauses SET ended_at = ?, ended_by = ? WHERE ended_at IS NULL').run(at, by);
  }

  /** Statements are kept: to prepare one takes longer than to run it. */
  #sql(text: string): StatementSync {
    const statement = this.#prepared.get(text) ?? this.#db.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }

  #newestOf({ fingerprint, startsAt }: Alert): { id: string; alert_status: string } | undefined {
    return this.#sql(
      'SELECT id, alert_status FROM runs WHERE fingerprint = ? AND starts_at = ? ORDER BY attempt DESC LIMIT 1',
    ).get(fingerprint, startsAt) as { id: string; alert_status: string } | undefined;
  }

  #insertRun(alert: Alert, attempt: number, at: string): string {
    const id = createRunId(new Date(at));
    this.#sql(
      `INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, created_at)
       VALUES (?, ?, ?, ?, ?, 'firing', 'waiting', ?)`,
    ).run(id, alert.fingerprint, alert.startsAt, attempt, JSON.stringify(alert.labels), at);
    this.#addEvents(id, [{ at, kind: 'received', data: { status: 'firing', attempt } }]);
    return id;
  }

  /** An alert that started anew had ended before, though nobody may have told of it. */
  #endEarlier({ fingerprint, startsAt }: Alert, at: string): string[] {
    const rows = this.#sql(
      `UPDATE runs SET alert_status = 'resolved' WHERE fingerprint = ? AND starts_at < ? AND alert_status = 'firing'
       RETURNING id`,
    ).all(fingerprint, startsAt) as { id: string }[];
    for (const { id } of rows)
      this.#addEvents(id, [{ at, kind: 'received', data: { status: 'resolved', startedAnew: startsAt } }]);
    return rows.map(({ id }) => id);
  }

  /** A resolved episode does not fire again: a later alert has another startsAt, and a delivery that comes late changes nothing. */
  #noteStatus(known: { id: string; alert_status: string }, { status }: Alert, at: string): string {
    if (status === 'resolved' && known.alert_status === 'firing') {
      this.#sql(`UPDATE runs SET alert_status = 'resolved' WHERE id = ?`).run(known.id);
      this.#addEvents(known.id, [{ at, kind: 'received', data: { status } }]);
    }
    return known.id;
  }

  #addEvents(runId: string, events: readonly RunEvent[]): void {
    const insert = this.#sql('INSERT INTO events (run_id, at, kind, data) VALUES (?, ?, ?, ?)');
    for (const { at, kind, data } of events) insert.run(runId, at, kind, JSON.stringify(data));
  }

  #withEvents(row: Record<string, unknown>): Run {
    const events = this.#sql('SELECT at, kind, data FROM events WHERE run_id = ? ORDER BY id');
    return toRun(row, events.all(row['id'] as string));
  }
}
