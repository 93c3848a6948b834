import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../alert.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { AcceptedAlert, PastAction, RunChange } from './journal.ts';
import { createRunId } from './run-id.ts';

/** What the journal does to its database; each method runs inside a transaction that the caller opened. */
export class SqliteStatements {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  accept(alerts: readonly Alert[], at: string): AcceptedAlert[] {
    return alerts.flatMap((alert) => {
      const known = this.#latestOf(alert);
      if (known !== undefined) return [this.#acceptKnown(known, alert, at)];
      return alert.status === 'firing' ? [this.#acceptNew(alert, at)] : [];
    });
  }

  append(runId: string, event: RunEvent, change: RunChange): void {
    const { plan } = change;
    const { changes } = this.#db
      .prepare(
        `UPDATE runs SET state = coalesce(?, state), outcome = coalesce(?, outcome), reason = coalesce(?, reason),
           plan = coalesce(?, plan), host = coalesce(?, host), policy = coalesce(?, policy), target = coalesce(?, target),
           acted_at_ms = coalesce(?, acted_at_ms)
         WHERE id = ? AND state <> 'closed'`,
      )
      .run(
        change.state ?? null,
        change.outcome ?? null,
        change.reason ?? null,
        plan === undefined ? null : JSON.stringify(plan),
        plan?.host ?? null,
        plan?.policy ?? null,
        plan?.target ?? null,
        change.actedAtMs ?? null,
        runId,
      );
    if (changes !== 1) throw new Error(`run ${runId} is closed or not there`);
    this.#addEvent(runId, event);
  }

  claimStart(runId: string, event: RunEvent, plan: Plan, actedAtMs: number): boolean {
    const busy = this.#db
      .prepare(`SELECT 1 FROM runs WHERE host = ? AND state IN ('acting', 'verifying', 'undoing')`)
      .get(plan.host);
    const ready = this.#db
      .prepare(
        `SELECT 1 FROM runs WHERE id = ? AND state = 'waiting' AND alert_status = 'firing' AND acted_at_ms IS NULL`,
      )
      .get(runId);
    if (busy !== undefined || ready === undefined) return false;
    this.append(runId, event, { state: 'acting', plan, actedAtMs });
    return true;
  }

  run(id: string): Run | undefined {
    const row = this.#db.prepare('SELECT * FROM runs WHERE id = ?').get(id);
    return row === undefined ? undefined : this.#toRun(row);
  }

  runs(limit: number): Run[] {
    return this.#db
      .prepare('SELECT * FROM runs ORDER BY created_at DESC, id DESC LIMIT ?')
      .all(limit)
      .map((row) => this.#toRun(row));
  }

  openRuns(): Run[] {
    return this.#db
      .prepare(`SELECT * FROM runs WHERE state <> 'closed' ORDER BY created_at, id`)
      .all()
      .map((row) => this.#toRun(row));
  }

  actionsSince(atMs: number): PastAction[] {
    return this.#db
      .prepare('SELECT policy, target, acted_at_ms AS atMs FROM runs WHERE acted_at_ms >= ?')
      .all(atMs) as unknown as PastAction[];
  }

  #latestOf({
    fingerprint,
    startsAt,
  }: Alert): { id: string; state: string; alert_status: string } | undefined {
    return this.#db
      .prepare(
        'SELECT id, state, alert_status FROM runs WHERE fingerprint = ? AND starts_at = ? ORDER BY attempt DESC LIMIT 1',
      )
      .get(fingerprint, startsAt) as { id: string; state: string; alert_status: string } | undefined;
  }

  #acceptNew(alert: Alert, at: string): AcceptedAlert {
    const id = createRunId(new Date(at));
    this.#db
      .prepare(
        `INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, created_at)
         VALUES (?, ?, ?, 1, ?, 'firing', 'waiting', ?)`,
      )
      .run(id, alert.fingerprint, alert.startsAt, JSON.stringify(alert.labels), at);
    this.#addEvent(id, { at, kind: 'received', data: {} });
    return { runId: id, isNew: true, isOpen: true };
  }

  #acceptKnown(
    known: { id: string; state: string; alert_status: string },
    alert: Alert,
    at: string,
  ): AcceptedAlert {
    const isOpen = known.state !== 'closed';
    // A resolved episode does not fire again: a later firing alert has another startsAt. A delivery that comes late changes nothing.
    if (isOpen && alert.status === 'resolved' && known.alert_status === 'firing') {
      this.#db.prepare(`UPDATE runs SET alert_status = 'resolved' WHERE id = ?`).run(known.id);
      this.#addEvent(known.id, { at, kind: 'received', data: { status: 'resolved' } });
    }
    return { runId: known.id, isNew: false, isOpen };
  }

  #addEvent(runId: string, { at, kind, data }: RunEvent): void {
    this.#db
      .prepare('INSERT INTO events (run_id, at, kind, data) VALUES (?, ?, ?, ?)')
      .run(runId, at, kind, JSON.stringify(data));
  }

  #toRun(row: Record<string, unknown>): Run {
    const events = this.#db
      .prepare('SELECT at, kind, data FROM events WHERE run_id = ? ORDER BY id')
      .all(row['id'] as string)
      .map(({ at, kind, data }) => ({ at, kind, data: JSON.parse(data as string) as unknown }) as RunEvent);
    return {
      id: row['id'] as string,
      alert: {
        fingerprint: row['fingerprint'] as string,
        startsAt: row['starts_at'] as string,
        status: row['alert_status'] as Alert['status'],
        labels: JSON.parse(row['labels'] as string) as Alert['labels'],
      },
      attempt: row['attempt'] as number,
      plan: row['plan'] === null ? undefined : (JSON.parse(row['plan'] as string) as Plan),
      state: row['state'] as Run['state'],
      outcome: (row['outcome'] ?? undefined) as Run['outcome'],
      reason: (row['reason'] ?? undefined) as Run['reason'],
      createdAt: row['created_at'] as string,
      actedAtMs: (row['acted_at_ms'] ?? undefined) as number | undefined,
      events,
    };
  }
}
