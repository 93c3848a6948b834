import type { RunEvent } from '../run/run.ts';
import { leaseTimes } from './lease-times.ts';
import type { Query } from './postgres-pool.ts';

/** When others look at a run, where the replica that is about to does not. */
export const SOON = `clock_timestamp() + interval '${leaseTimes.firstLookMs} milliseconds'`;

/** What people and alerts say of a run: somebody is to look at it, unless somebody works on it. */
export const NEWS = `news = news + 1, lease_until = coalesce(lease_until, ${SOON})`;

/** Adds events to a run, in their order. */
export async function addEvents(query: Query, runId: string, events: readonly RunEvent[]): Promise<void> {
  if (events.length === 0) return;
  await query(
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
