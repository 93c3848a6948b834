import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { HeldLease, momentNow } from './held-lease.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { Lease } from './lease.ts';
import type { Query } from './postgres-pool.ts';

/** The leases of one process on runs of a database. They are renewed by themselves until they are given back. */
export class PostgresLeases {
  readonly #query: Query;
  readonly #times: LeaseTimes;
  readonly #owner = `${hostname()} ${process.pid} ${randomBytes(6).toString('hex')}`;
  readonly #held = new Map<string, HeldLease>();
  readonly #renewing: NodeJS.Timeout;

  /** `query` runs one statement, and commits it. */
  constructor(query: Query, times: LeaseTimes) {
    this.#query = query;
    this.#times = times;
    // One that fails is tried again the next time; a lease that ends meanwhile ends by its own timer.
    this.#renewing = setInterval(() => void this.#renew().catch(() => undefined), times.renewMs).unref();
  }

  /** Takes the lease of a run; undefined where another process has it, or there is no such run. */
  async take(runId: string): Promise<Lease | undefined> {
    const asked = momentNow();
    const [row] = await this.#query(
      `UPDATE runs SET lease_owner = $2, lease_token = lease_token + 1,
         lease_until = clock_timestamp() + make_interval(secs => $3)
       WHERE id = $1 AND (lease_owner IS NULL OR lease_until <= clock_timestamp()) RETURNING lease_token, news`,
      [runId, this.#owner, this.#times.leaseMs / 1000],
    );
    if (row === undefined) return undefined;
    const { lease_token: token, news } = row as { lease_token: number; news: number };
    const held = new HeldLease(runId, token, asked, this.#times);
    this.#held.set(runId, held);
    return {
      token,
      isHeld: () => held.isHeld(),
      signal: held.signal,
      release: (left) => this.#release(held, left, news),
    };
  }

  /** The open runs that nobody works on, though somebody should, oldest first. */
  async abandoned(): Promise<string[]> {
    const rows = await this.#query(
      `SELECT id FROM runs WHERE state <> 'closed' AND lease_until <= clock_timestamp() ORDER BY created_at, number`,
    );
    return rows.map(({ id }) => id as string);
  }

  /** Renews nothing any more. */
  stop(): void {
    clearInterval(this.#renewing);
    for (const held of this.#held.values()) held.end();
    this.#held.clear();
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const asked = momentNow();
    const leases = [...this.#held.values()];
    const rows = await this.#query(
      `UPDATE runs SET lease_until = clock_timestamp() + make_interval(secs => $4)
       FROM unnest($1::text[], $2::bigint[]) AS mine (id, token)
       WHERE runs.id = mine.id AND lease_token = mine.token AND lease_owner = $3 RETURNING runs.id`,
      [
        leases.map(({ runId }) => runId),
        leases.map(({ token }) => token),
        this.#owner,
        this.#times.leaseMs / 1000,
      ],
    );
    const renewed = new Set(rows.map(({ id }) => id as string));
    for (const held of leases) {
      if (this.#held.get(held.runId) !== held) continue;
      if (renewed.has(held.runId)) held.prolong(asked);
      else held.lose();
    }
  }

  /** Where the run has had news since it was taken, somebody is to look at it once more. */
  async #release(held: HeldLease, left: 'done' | 'again', news: number): Promise<void> {
    held.end();
    if (this.#held.get(held.runId) === held) this.#held.delete(held.runId);
    await this.#query(
      `UPDATE runs SET lease_owner = NULL,
         lease_until = CASE WHEN $4 AND news = $5 THEN NULL ELSE clock_timestamp() + make_interval(secs => $6) END
       WHERE id = $1 AND lease_token = $2 AND lease_owner = $3`,
      [held.runId, held.token, this.#owner, left === 'done', news, this.#times.firstLookMs / 1000],
    );
  }
}
