import { answeredEvent, whyNotTaken, type ApprovalAnswer } from '../answers/answer-approval.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Owed } from '../notify/message.ts';
import type { Pause } from '../pause.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { AlertInHand, LastAction, PastAction, PastActionQuery, Reclaim, RunChange } from './journal.ts';
import { toAlertInHand, toLastAction, toPastAction, toPause, toRun } from './rows.ts';
import type { SqliteEpisodes } from './sqlite-episodes.ts';
import type { SqliteMessages } from './sqlite-messages.ts';
import { addEvents, type Prepared } from './sqlite-prepared.ts';

/** What the journal does to the runs of its database, and what it knows beside them; each method runs inside a transaction that the caller opened. */
export class SqliteStatements {
  readonly #sql: Prepared;
  readonly #episodes: SqliteEpisodes;
  readonly #messages: SqliteMessages;

  constructor(sql: Prepared, episodes: SqliteEpisodes, messages: SqliteMessages) {
    this.#sql = sql;
    this.#episodes = episodes;
    this.#messages = messages;
  }

  append(runId: string, events: readonly RunEvent[], change: RunChange): void {
    const { state, outcome, reason, plan, owes } = change;
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
    addEvents(this.#sql, runId, events);
    if (owes !== undefined) this.#messages.owe(owes);
  }

  closeAndOpenNext(
    runId: string,
    events: readonly RunEvent[],
    change: RunChange,
    at: string,
  ): string | undefined {
    this.append(runId, events, { ...change, state: 'closed' });
    return this.#episodes.openNextAttempt(runId, at);
  }

  answer(runId: string, answer: ApprovalAnswer, atMs: number): string | undefined {
    const refusal = whyNotTaken(this.run(runId), answer, atMs);
    if (refusal === undefined) this.append(runId, [answeredEvent(answer, atMs)], {});
    return refusal;
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
       WHERE id = ? AND state = 'waiting' AND alert_status = 'firing' AND acted_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM events WHERE run_id = runs.id AND kind = 'denied')`,
    ).run(JSON.stringify(plan), plan.host, actedAtMs, runId);
    if (changes === 1) addEvents(this.#sql, runId, events);
    return changes === 1;
  }

  reclaim(runId: string, events: readonly RunEvent[], { state, isHeldBack }: Reclaim, atMs: number): boolean {
    const { changes } = this.#sql(
      `UPDATE runs SET state = :state WHERE id = :id AND state = 'resting'
         AND NOT EXISTS (
           SELECT 1 FROM runs AS other WHERE other.acting_on = runs.acting_on AND other.state IN ('acting', 'verifying', 'undoing'))
         AND (:isHeldBack = 0 OR (alert_status = 'firing'
           AND NOT EXISTS (SELECT 1 FROM events WHERE run_id = runs.id AND kind = 'denied')
           AND NOT EXISTS (
           SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > :at))))`,
    ).run({ id: runId, state, isHeldBack: Number(isHeldBack), at: atMs });
    if (changes === 1) addEvents(this.#sql, runId, events);
    return changes === 1;
  }

  run(id: string): Run | undefined {
    const row = this.#sql('SELECT * FROM runs WHERE id = ?').get(id);
    return row === undefined ? undefined : this.#withEvents(row);
  }

  firstDeliveredAtMs({ fingerprint, startsAt }: Alert, attempt: number): number {
    const row = this.#sql(
      `SELECT min(created_at) AS at FROM runs WHERE fingerprint = :fingerprint AND starts_at = :startsAt AND attempt > coalesce((
         SELECT max(attempt) FROM runs WHERE fingerprint = :fingerprint AND starts_at = :startsAt AND outcome = 'verified' AND attempt < :attempt), 0)`,
    ).get({ fingerprint, startsAt, attempt });
    return Date.parse(row?.['at'] as string);
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

  pause(): Pause | undefined {
    const row = this.#sql('SELECT * FROM pauses WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1').get();
    return row === undefined ? undefined : toPause(row);
  }

  startPause({ since, untilMs, by, reason }: Pause, owes?: Owed): void {
    if (owes !== undefined) this.#messages.owe(owes);
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

  alertsInHand(provedSinceMs: number): AlertInHand[] {
    const rows = this.#sql(
      `SELECT labels, plan FROM runs WHERE state <> 'closed' AND state <> 'waiting'
       UNION ALL
       SELECT labels, plan FROM runs WHERE acted_at_ms >= ? AND outcome = 'verified' AND alert_status = 'firing'`,
    ).all(provedSinceMs);
    return rows.map(toAlertInHand);
  }

  lastActions(action: string, hosts: readonly string[]): LastAction[] {
    const last = (and: string) =>
      `(SELECT acted_at_ms FROM runs WHERE acting_on = host AND acted_at_ms IS NOT NULL AND json_extract(plan, '$.action') = :action
         ${and} ORDER BY acted_at_ms DESC LIMIT 1)`;
    const wentWell = `AND (outcome = 'verified' OR state = 'verifying') AND EXISTS (
         SELECT 1 FROM events WHERE run_id = runs.id AND kind = 'acted' AND json_extract(data, '$.outcome') = 'succeeded')`;
    const rows = this.#sql(
      `SELECT host, ${last('')} AS begun_at_ms, ${last(wentWell)} AS succeeded_at_ms
       FROM (SELECT value AS host FROM json_each(:hosts))`,
    ).all({ action, hosts: JSON.stringify(hosts) });
    return rows.map(toLastAction);
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

  #withEvents(row: Record<string, unknown>): Run {
    const events = this.#sql('SELECT at, kind, data FROM events WHERE run_id = ? ORDER BY id');
    return toRun(row, events.all(row['id'] as string));
  }
}
