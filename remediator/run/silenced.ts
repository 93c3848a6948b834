import { setTimeout as delay } from 'node:timers/promises';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Run, RunEvent } from './run.ts';

/**
 * People are told a minute after an alert began: what is over sooner needs no silence. And Alertmanager forgets the end of an alert that was silenced
 * when it came, so that it tells of the same alert late when it comes back.
 */
const SILENCED_AFTER_MS = 30_000;

/** How long a silence is to be, and when it begins. */
export interface SilenceTimes {
  /** So long at the most, whatever becomes of this process. */
  readonly lastsMs: number;
  readonly afterMs?: number;
}

/**
 * Does something, and silences the run's alert where that takes long. It does not wait for the silence. At the end that is lifted: what was healed is over,
 * and of what was not people are to hear.
 */
export async function whileSilenced<Result>(
  run: Run,
  { lastsMs, afterMs = SILENCED_AFTER_MS }: SilenceTimes,
  record: Pick<RunRecord, 'note'>,
  { silences }: Pick<RunDependencies, 'silences'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const silence = beginsAfter(afterMs, ended.signal).then(async (isDue) => {
    if (!isDue) return undefined;
    const until = new Date(Date.now() + lastsMs);
    const id = await silences.set(run.alert.labels, until, run.id);
    if (id !== undefined) record.note('silenced', { silence: id, until: until.toISOString() });
    return id;
  });
  try {
    return await work();
  } finally {
    ended.abort();
    void silence.then((id) => (id === undefined ? undefined : silences.lift(id, run.id)));
  }
}

function beginsAfter(afterMs: number, signal: AbortSignal): Promise<boolean> {
  return delay(afterMs, true, { signal }).catch(() => false);
}

/** Lifts the silence that a run of an earlier process has left. */
export async function liftSilenceOf(
  runId: string,
  events: readonly RunEvent[],
  { silences }: Pick<RunDependencies, 'silences'>,
): Promise<void> {
  const id = events.findLast(({ kind }) => kind === 'silenced')?.data['silence'];
  if (typeof id === 'string') await silences.lift(id, runId);
}

/** Those who were told of an alert are also to hear of its end, which a silence would keep from them. */
const TOLD_AFTER_MS = 60_000;

/** Whether people may have heard of the alert of a run by a time, unless it was silenced. */
export function mayHaveBeenHeard({ actedAtMs = 0 }: Run, atMs: number): boolean {
  return atMs - actedAtMs >= TOLD_AFTER_MS;
}

/** How long it is until a run has gone on for so long that its alert is silenced. */
export function untilSilencedMs({ actedAtMs = 0 }: Run): number {
  return Math.max(0, actedAtMs + SILENCED_AFTER_MS - Date.now());
}

/** Silences the alert of a run that rests, where it has gone on for long enough, once. The end of the run lifts it. */
export async function silenceOnce(
  run: Run,
  lastsMs: number,
  record: Pick<RunRecord, 'add'>,
  { silences }: Pick<RunDependencies, 'silences'>,
): Promise<void> {
  const nowMs = Date.now();
  const isTried = run.events.some(
    ({ kind, data }) => kind === 'silenced' && Date.parse(String(data['until'])) > nowMs,
  );
  if (isTried || untilSilencedMs(run) > 0) return;
  const until = new Date(nowMs + lastsMs);
  const silence = await silences.set(run.alert.labels, until, run.id);
  await record.add('silenced', { ...(silence !== undefined && { silence }), until: until.toISOString() });
}
