import { nextDueMs } from '../../inventory/cron.ts';
import type { JobEntry } from '../../inventory/schema/job.ts';
import type { JobRecord } from './job-record.ts';

/** A success this much before a due time is taken for the one that was due: clocks of hosts differ. */
const CLOCK_DIFFERENCE_MS = 30_000;

/**
 * When a job is late, in milliseconds since the epoch: where it has not succeeded by then. It counts from the last success, and
 * from when the job was first seen where there was none. Undefined where it is never due again.
 */
export function deadlineMs(entry: JobEntry, record: JobRecord): number | undefined {
  const { lastSuccessMs, firstSeenMs } = record;
  if (entry.cron === undefined) return (lastSuccessMs ?? firstSeenMs) + (entry.every ?? 0) + entry.grace;
  const afterMs = lastSuccessMs === undefined ? firstSeenMs : lastSuccessMs + CLOCK_DIFFERENCE_MS;
  const dueMs = nextDueMs(entry.cron, entry.timezone ?? 'UTC', afterMs);
  return dueMs === undefined ? undefined : dueMs + entry.grace;
}

/** Whether a run of a job has taken longer than it may. */
export function isRunningTooLong({ max_duration }: JobEntry, { running }: JobRecord, nowMs: number): boolean {
  return max_duration !== undefined && running.some(({ startMs }) => nowMs - startMs > max_duration);
}
