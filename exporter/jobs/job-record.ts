import { z } from 'zod';

const moment = z.number().int().nonnegative();
const total = z.number().int().nonnegative();

/** What is remembered of one job. All times are in milliseconds since the epoch. */
export const jobRecordSchema = z.object({
  firstSeenMs: moment,
  lastStartMs: moment.optional(),
  lastSuccessMs: moment.optional(),
  lastFailureMs: moment.optional(),
  lastDurationMs: total.optional(),
  lastExitCode: z.number().int().min(0).max(255).optional(),
  successes: total,
  failures: total,
  /** Items that all runs together have worked through. */
  items: total,
  /** Items that wait for this job, as it last said. */
  waiting: total.optional(),
  /** Runs that have started and not ended; a run that has no id has the empty one. */
  running: z.array(z.object({ id: z.string(), startMs: moment })),
  /** The ids of the runs that ended last, so that an end which is sent again counts once. */
  ended: z.array(z.string()),
});

/** What is remembered of one job. */
export type JobRecord = z.output<typeof jobRecordSchema>;

/** What a job says. */
export interface Ping {
  readonly action: 'start' | 'success' | 'failure' | 'log';
  /** The id of the run; empty where the job gives none. */
  readonly runId: string;
  readonly exitCode?: number | undefined;
  /** Items that this run has worked through. */
  readonly items?: number | undefined;
  /** Items that wait now. */
  readonly waiting?: number | undefined;
}

/** More runs at once are not told apart: the oldest is given up. */
const MAX_RUNNING = 32;
const MAX_ENDED = 32;
/** A run that never says how it ended is forgotten at the end of another one after this time. */
const LOST_AFTER_MS = 7 * 24 * 60 * 60 * 1000;

/** The record of a job that has said nothing yet. */
export function newJobRecord(nowMs: number): JobRecord {
  return { firstSeenMs: nowMs, successes: 0, failures: 0, items: 0, running: [], ended: [] };
}

/** The record of a job after it has said something. */
export function withPing(record: JobRecord, ping: Ping, nowMs: number): JobRecord {
  if (ping.runId !== '' && record.ended.includes(ping.runId)) return record;
  const counted = ping.waiting === undefined ? record : { ...record, waiting: ping.waiting };
  switch (ping.action) {
    case 'start':
      return withStart(counted, ping.runId, nowMs);
    case 'log':
      return withItems(counted, ping);
    case 'success':
      return {
        ...withEnd(withItems(counted, ping), ping, nowMs),
        lastSuccessMs: nowMs,
        successes: record.successes + 1,
      };
    case 'failure':
      return {
        ...withEnd(withItems(counted, ping), ping, nowMs),
        lastFailureMs: nowMs,
        failures: record.failures + 1,
      };
  }
}

/**
 * The record with no time later than now. Where the clock was ahead and was set back, a success "in the future" would hide that the job
 * is late until then; it counts as of now instead.
 */
export function withoutFuture(record: JobRecord, nowMs: number): JobRecord {
  const { lastStartMs, lastSuccessMs, lastFailureMs } = record;
  const times = [record.firstSeenMs, lastStartMs, lastSuccessMs, lastFailureMs];
  if ([...times, ...record.running.map(({ startMs }) => startMs)].every((time = 0) => time <= nowMs))
    return record;
  const capped = (time: number | undefined) => (time === undefined ? undefined : Math.min(time, nowMs));
  return {
    ...record,
    firstSeenMs: Math.min(record.firstSeenMs, nowMs),
    lastStartMs: capped(lastStartMs),
    lastSuccessMs: capped(lastSuccessMs),
    lastFailureMs: capped(lastFailureMs),
    running: record.running.map(({ id, startMs }) => ({ id, startMs: Math.min(startMs, nowMs) })),
  };
}

function withStart(record: JobRecord, runId: string, nowMs: number): JobRecord {
  const others = record.running.filter(({ id }) => id !== runId);
  return {
    ...record,
    lastStartMs: nowMs,
    running: [...others, { id: runId, startMs: nowMs }].slice(-MAX_RUNNING),
  };
}

function withItems(record: JobRecord, { items = 0 }: Ping): JobRecord {
  return { ...record, items: Math.min(record.items + items, Number.MAX_SAFE_INTEGER) };
}

function withEnd(record: JobRecord, { runId, exitCode }: Ping, nowMs: number): JobRecord {
  const run = record.running.find(({ id }) => id === runId);
  return {
    ...record,
    lastDurationMs: run === undefined ? undefined : Math.max(0, nowMs - run.startMs),
    lastExitCode: exitCode,
    running: record.running.filter((other) => other !== run && nowMs - other.startMs < LOST_AFTER_MS),
    ended: runId === '' ? record.ended : [...record.ended, runId].slice(-MAX_ENDED),
  };
}
