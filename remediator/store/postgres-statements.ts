import { answeredEvent, whyNotTaken, type ApprovalAnswer } from '../answers/answer-approval.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { AlertInHand, LastAction, PastAction, PastActionQuery, Reclaim, RunChange } from './journal.ts';
import { LeaseLostError } from './lease.ts';
import { PostgresEpisodes } from './postgres-episodes.ts';
import { PostgresMessages } from './postgres-messages.ts';
import { addEvents, NEWS } from './postgres-news.ts';
import type { Query, Row } from './postgres-pool.ts';
import { PAUSING } from './postgres-service.ts';
import { postgresText as text } from './postgres-text.ts';
import { toAlertInHand, toLastAction, toPastAction, toRun } from './rows.ts';

const RUN = `runs.*, (
  SELECT coalesce(json_agg(json_build_object('at', at, 'kind', kind, 'data', data) ORDER BY events.id), '[]')
  FROM events WHERE run_id = runs.id) AS events`;

/** What the journal does to the runs of its database; each is made to run in a transaction of its own. */
export class PostgresStatements {
  readonly #query: Query;
  readonly #episodes: PostgresEpisodes;

  constructor(query: Query) {
    this.#query = query;
    this.#episodes = new PostgresEpisodes(query);
  }

  async append(
    runId: string,
    events: readonly RunEvent[],
    { state, outcome, reason, plan, owes }: RunChange,
    token?: number,
  ): Promise<void> {
    await this.#lockRun(runId, token);
    const changed = await this.#query(
      `UPDATE runs SET state = coalesce($2, state), outcome = coalesce($3, outcome), reason = coalesce($4, reason),
         plan = coalesce($5, plan), policy = coalesce($6, policy)${token === undefined ? `, ${NEWS}` : ''}
       WHERE id = $1 AND state <> 'closed' RETURNING id`,
      [runId, state, outcome, reason, plan === undefined ? null : JSON.stringify(plan), plan?.policy],
    );
    if (changed.length !== 1) throw new Error(`run ${runId} is closed or not there`);
    await addEvents(this.#query, runId, events);
    if (owes !== undefined) await new PostgresMessages(this.#query).owe(owes);
  }

  /** The alert is locked before the run, as whoever accepts it does. */
  async closeAndOpenNext(
    runId: string,
    events: readonly RunEvent[],
    change: RunChange,
    at: string,
    token?: number,
  ): Promise<string | undefined> {
    await this.#episodes.lockAlertOf(runId);
    await this.append(runId, events, { ...change, state: 'closed' }, token);
    return this.#episodes.openNextAttempt(runId, at);
  }

  async answer(runId: string, answer: ApprovalAnswer, atMs: number): Promise<string | undefined> {
    await this.#lockRun(runId);
    const refusal = whyNotTaken(await this.run(runId), answer, atMs);
    if (refusal === undefined) await this.append(runId, [answeredEvent(answer, atMs)], {});
    return refusal;
  }

  async claimStart(
    runId: string,
    events: readonly RunEvent[],
    plan: Plan,
    actedAtMs: number,
    token?: number,
  ): Promise<boolean> {
    await this.#lockRun(runId, token);
    await this.#query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [PAUSING]);
    const claimed = await this.#query(
      `UPDATE runs SET state = 'acting', outcome = NULL, reason = NULL, plan = $2, policy = $3, acting_on = $4, acted_at_ms = $5
       WHERE id = $1 AND state = 'waiting' AND alert_status = 'firing' AND acted_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM events WHERE run_id = $1 AND kind = 'denied')
         AND NOT EXISTS (SELECT 1 FROM runs WHERE acting_on = $4 AND state IN ('acting', 'verifying', 'undoing'))
         AND NOT EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > $5))
       RETURNING id`,
      [runId, JSON.stringify(plan), plan.policy, plan.host, actedAtMs],
    );
    if (claimed.length === 1) await addEvents(this.#query, runId, events);
    return claimed.length === 1;
  }

  async reclaim(
    runId: string,
    events: readonly RunEvent[],
    { state, isHeldBack }: Reclaim,
    atMs: number,
    token?: number,
  ): Promise<boolean> {
    await this.#lockRun(runId, token);
    await this.#query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [PAUSING]);
    const claimed = await this.#query(
      `UPDATE runs SET state = $2::text WHERE id = $1 AND state = 'resting'
         AND NOT EXISTS (
           SELECT 1 FROM runs AS other WHERE other.acting_on = runs.acting_on AND other.state IN ('acting', 'verifying', 'undoing'))
         AND (NOT $4::boolean OR (alert_status = 'firing'
           AND NOT EXISTS (SELECT 1 FROM events WHERE run_id = $1 AND kind = 'denied')
           AND NOT EXISTS (
           SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > $3))))
       RETURNING id`,
      [runId, state, atMs, isHeldBack],
    );
    if (claimed.length === 1) await addEvents(this.#query, runId, events);
    return claimed.length === 1;
  }

  async run(id: string): Promise<Run | undefined> {
    const [row] = await this.#query(`SELECT ${RUN} FROM runs WHERE id = $1`, [text(id)]);
    return row === undefined ? undefined : toRunWithEvents(row);
  }

  async firstDeliveredAtMs({ fingerprint, startsAt }: Alert, attempt: number): Promise<number> {
    const [row] = await this.#query(
      `SELECT min(created_at) AS at FROM runs WHERE fingerprint = $1 AND starts_at = $2 AND attempt > coalesce((
         SELECT max(attempt) FROM runs WHERE fingerprint = $1 AND starts_at = $2 AND outcome = 'verified' AND attempt < $3), 0)`,
      [fingerprint, startsAt, attempt],
    );
    return Date.parse(row?.['at'] as string);
  }

  async newestRun(fingerprint: string): Promise<string | undefined> {
    const [row] = await this.#query(
      'SELECT id FROM runs WHERE fingerprint = $1 ORDER BY starts_at DESC, attempt DESC LIMIT 1',
      [text(fingerprint)],
    );
    return row?.['id'] as string | undefined;
  }

  async runs(limit: number): Promise<Run[]> {
    const rows = await this.#query(`SELECT ${RUN} FROM runs ORDER BY created_at DESC, number DESC LIMIT $1`, [
      limit,
    ]);
    return rows.map(toRunWithEvents);
  }

  async openRuns(): Promise<Run[]> {
    const rows = await this.#query(
      `SELECT ${RUN} FROM runs WHERE state <> 'closed' ORDER BY created_at, number`,
    );
    return rows.map(toRunWithEvents);
  }

  async alertsInHand(provedSinceMs: number): Promise<AlertInHand[]> {
    const rows = await this.#query(
      `SELECT labels, plan FROM runs
       WHERE state NOT IN ('closed', 'waiting')
         OR (acted_at_ms >= $1 AND outcome = 'verified' AND alert_status = 'firing')`,
      [provedSinceMs],
    );
    return rows.map(toAlertInHand);
  }

  async lastActions(action: string, hosts: readonly string[]): Promise<LastAction[]> {
    const last = (and: string) =>
      `(SELECT acted_at_ms FROM runs WHERE acting_on = host AND acted_at_ms IS NOT NULL AND plan::json ->> 'action' = $1
         ${and} ORDER BY acted_at_ms DESC LIMIT 1)`;
    const wentWell = `AND (outcome = 'verified' OR state = 'verifying') AND EXISTS (
         SELECT 1 FROM events WHERE run_id = runs.id AND kind = 'acted' AND data::json ->> 'outcome' = 'succeeded')`;
    const rows = await this.#query(
      `SELECT host, ${last('')} AS begun_at_ms, ${last(wentWell)} AS succeeded_at_ms
       FROM unnest($2::text[]) AS host`,
      [action, hosts],
    );
    return rows.map(toLastAction);
  }

  async pastActions({ policy, policySinceMs, host, hostSinceMs }: PastActionQuery): Promise<PastAction[]> {
    const rows = await this.#query(
      `SELECT id, fingerprint, plan, acted_at_ms, outcome, reason FROM runs
       WHERE (acted_at_ms >= $1 AND policy = $2) OR (acted_at_ms >= $3 AND acting_on = $4)
       ORDER BY acted_at_ms, number`,
      [policySinceMs, policy, hostSinceMs, host],
    );
    return rows.map(toPastAction);
  }

  /** The row stays as it is until this transaction ends: nobody takes the run over, and nobody answers it, in between. */
  async #lockRun(runId: string, token?: number): Promise<void> {
    const [row] = await this.#query('SELECT lease_token FROM runs WHERE id = $1 FOR UPDATE', [text(runId)]);
    if (token !== undefined && row !== undefined && row['lease_token'] !== token)
      throw new LeaseLostError(runId);
  }
}

function toRunWithEvents(row: Row): Run {
  return toRun(row, row['events'] as Row[]);
}
