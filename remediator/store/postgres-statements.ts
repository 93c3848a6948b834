import type { Alert } from '../alert.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { Episode, PastAction, PastActionQuery, Reclaim, RunChange } from './journal.ts';
import { leaseTimes } from './lease-times.ts';
import { LeaseLostError } from './lease.ts';
import type { Query, Row } from './postgres-pool.ts';
import { PAUSING } from './postgres-service.ts';
import { postgresText as text } from './postgres-text.ts';
import { toEpisode, toPastAction, toRun } from './rows.ts';
import { createRunId } from './run-id.ts';

const REMOVING = 'steward: removing';
/** Deliveries of the same alert come one after the other. So many of them at once are enough, and not too many locks for one transaction. */
const ALERT_LOCKS = 64;

/** When others look at a run, where the replica that is about to does not. */
const SOON = `clock_timestamp() + interval '${leaseTimes.firstLookMs} milliseconds'`;
/** What people and alerts say of a run: somebody is to look at it, unless somebody works on it. */
const NEWS = `news = news + 1, lease_until = coalesce(lease_until, ${SOON})`;

const RUN = `runs.*, (
  SELECT coalesce(json_agg(json_build_object('at', at, 'kind', kind, 'data', data) ORDER BY events.id), '[]')
  FROM events WHERE run_id = runs.id) AS events`;

/** What the journal does to the runs of its database; each is made to run in a transaction of its own. */
export class PostgresStatements {
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

  async append(
    runId: string,
    events: readonly RunEvent[],
    { state, outcome, reason, plan }: RunChange,
    token?: number,
  ): Promise<void> {
    await this.#checkLease(runId, token);
    const changed = await this.#query(
      `UPDATE runs SET state = coalesce($2, state), outcome = coalesce($3, outcome), reason = coalesce($4, reason),
         plan = coalesce($5, plan), policy = coalesce($6, policy)${token === undefined ? `, ${NEWS}` : ''}
       WHERE id = $1 AND state <> 'closed' RETURNING id`,
      [runId, state, outcome, reason, plan === undefined ? null : JSON.stringify(plan), plan?.policy],
    );
    if (changed.length !== 1) throw new Error(`run ${runId} is closed or not there`);
    await this.#addEvents(runId, events);
  }

  async claimStart(
    runId: string,
    events: readonly RunEvent[],
    plan: Plan,
    actedAtMs: number,
    token?: number,
  ): Promise<boolean> {
    await this.#checkLease(runId, token);
    await this.#query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [PAUSING]);
    const claimed = await this.#query(
      `UPDATE runs SET state = 'acting', outcome = NULL, reason = NULL, plan = $2, policy = $3, acting_on = $4, acted_at_ms = $5
       WHERE id = $1 AND state = 'waiting' AND alert_status = 'firing' AND acted_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM runs WHERE acting_on = $4 AND state IN ('acting', 'verifying', 'undoing'))
         AND NOT EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > $5))
       RETURNING id`,
      [runId, JSON.stringify(plan), plan.policy, plan.host, actedAtMs],
    );
    if (claimed.length === 1) await this.#addEvents(runId, events);
    return claimed.length === 1;
  }

  async reclaim(
    runId: string,
    events: readonly RunEvent[],
    { state, isHeldBack }: Reclaim,
    atMs: number,
    token?: number,
  ): Promise<boolean> {
    await this.#checkLease(runId, token);
    await this.#query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [PAUSING]);
    const claimed = await this.#query(
      `UPDATE runs SET state = $2::text WHERE id = $1 AND state = 'resting'
         AND NOT EXISTS (
           SELECT 1 FROM runs AS other WHERE other.acting_on = runs.acting_on AND other.state IN ('acting', 'verifying', 'undoing'))
         AND (NOT $4::boolean OR (alert_status = 'firing' AND NOT EXISTS (
           SELECT 1 FROM pauses WHERE ended_at IS NULL AND (until_ms IS NULL OR until_ms > $3))))
       RETURNING id`,
      [runId, state, atMs, isHeldBack],
    );
    if (claimed.length === 1) await this.#addEvents(runId, events);
    return claimed.length === 1;
  }

  async openNextAttempt(runId: string, at: string): Promise<string | undefined> {
    const run = await this.run(runId);
    if (run?.state !== 'closed' || run.actedAtMs === undefined) return undefined;
    await this.#lockAlerts([run.alert]);
    const newest = await this.#newestOf(run.alert);
    if (newest?.['id'] !== runId || newest['alert_status'] !== 'firing') return undefined;
    return this.#insertRun(run.alert, run.attempt + 1, at);
  }

  async run(id: string): Promise<Run | undefined> {
    const [row] = await this.#query(`SELECT ${RUN} FROM runs WHERE id = $1`, [text(id)]);
    return row === undefined ? undefined : toRunWithEvents(row);
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

  async pastActions({ policy, policySinceMs, host, hostSinceMs }: PastActionQuery): Promise<PastAction[]> {
    const rows = await this.#query(
      `SELECT id, fingerprint, plan, acted_at_ms, outcome, reason FROM runs
       WHERE (acted_at_ms >= $1 AND policy = $2) OR (acted_at_ms >= $3 AND acting_on = $4)
       ORDER BY acted_at_ms, number`,
      [policySinceMs, policy, hostSinceMs, host],
    );
    return rows.map(toPastAction);
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
         AND (alert_status = 'resolved' OR EXISTS (
           SELECT 1 FROM runs WHERE fingerprint = run.fingerprint AND starts_at > run.starts_at))
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

  /** The row stays as it is until this transaction ends: nobody takes the run over in between. */
  async #checkLease(runId: string, token: number | undefined): Promise<void> {
    if (token === undefined) return;
    const [row] = await this.#query('SELECT lease_token FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    if (row !== undefined && row['lease_token'] !== token) throw new LeaseLostError(runId);
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
    const known = await this.#newestOf(alert);
    if (known !== undefined) return [await this.#noteStatus(known, alert, at)];
    const ended = await this.#endEarlier(alert, at);
    return alert.status === 'firing' ? [await this.#insertRun(alert, 1, at), ...ended] : ended;
  }

  async #newestOf({ fingerprint, startsAt }: Alert): Promise<Row | undefined> {
    const [row] = await this.#query(
      'SELECT id, alert_status FROM runs WHERE fingerprint = $1 AND starts_at = $2 ORDER BY attempt DESC LIMIT 1',
      [fingerprint, startsAt],
    );
    return row;
  }

  async #insertRun(alert: Alert, attempt: number, at: string): Promise<string> {
    const id = createRunId(new Date(at));
    await this.#query(
      `INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, created_at, lease_until)
       VALUES ($1, $2, $3, $4, $5, 'firing', 'waiting', $6, ${SOON})`,
      [id, alert.fingerprint, alert.startsAt, attempt, JSON.stringify(alert.labels), at],
    );
    await this.#addEvents(id, [{ at, kind: 'received', data: { status: 'firing', attempt } }]);
    return id;
  }

  /** An alert that started anew had ended before, though nobody may have told of it. */
  async #endEarlier({ fingerprint, startsAt }: Alert, at: string): Promise<string[]> {
    const rows = await this.#query(
      `UPDATE runs SET alert_status = 'resolved', ${NEWS}
       WHERE fingerprint = $1 AND starts_at < $2 AND alert_status = 'firing'
       RETURNING id`,
      [fingerprint, startsAt],
    );
    const ids = rows.map(({ id }) => id as string);
    const data = { status: 'resolved', startedAnew: startsAt };
    for (const id of ids) await this.#addEvents(id, [{ at, kind: 'received', data }]);
    return ids;
  }

  /** A resolved episode does not fire again: a later alert has another startsAt, and a delivery that comes late changes nothing. */
  async #noteStatus(known: Row, { status }: Alert, at: string): Promise<string> {
    const id = known['id'] as string;
    if (status === 'resolved' && known['alert_status'] === 'firing') {
      await this.#query(`UPDATE runs SET alert_status = 'resolved', ${NEWS} WHERE id = $1`, [id]);
      await this.#addEvents(id, [{ at, kind: 'received', data: { status } }]);
    }
    return id;
  }

  async #addEvents(runId: string, events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#query(
      `INSERT INTO events (run_id, at, kind, data)
       SELECT $1, at, kind, data FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS one (at, kind, data, place)
       ORDER BY place`,
      [
        runId,
        events.map(({ at }) => at),
        events.map(({ kind }) => kind),
        events.map(({ data }) => JSON.stringify(data)),
      ],
    );
  }
}

function toRunWithEvents(row: Row): Run {
  return toRun(row, row['events'] as Row[]);
}
