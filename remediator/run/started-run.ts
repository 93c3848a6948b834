import type { Plan, Reason, Run, RunEvent } from './run.ts';

/** A run that has started, as it goes on from one step to the next. */
export interface StartedRun {
  readonly id: string;
  readonly plan: Plan;
  /** What proves it; undefined where that was not recorded, and nothing can. */
  readonly proof: string | undefined;
  /** Whether the target was seen to be healthy just before, so that harm can be told. */
  readonly wasHealthy: boolean;
}

/** What a run that an earlier process has started is to go on with. Throws where it was started without a plan. */
export function startedRun({ id, plan, events }: Run): StartedRun {
  if (plan === undefined) throw new Error(`run ${id} was started without a plan`);
  const wasHealthy = events.some(({ kind, data }) => kind === 'acting' && data['wasHealthy'] === true);
  return { id, plan, proof: proofAmong(events), wasHealthy };
}

/** The query that was to prove the fix, as it was when the run began to act. */
function proofAmong(events: readonly RunEvent[]): string | undefined {
  const proof = events.findLast(({ kind }) => kind === 'guarded')?.data['proof'];
  return typeof proof === 'string' ? proof : undefined;
}

/** The number of the step that was begun last: 0 is the first. */
export function lastStepOf(events: readonly RunEvent[]): number {
  const last = events.findLast(({ kind }) => kind === 'acting' || kind === 'step');
  const step = last?.kind === 'step' ? last.data['step'] : 0;
  return typeof step === 'number' ? step : 0;
}

/** A wait that a run is in, by the number of its step, and its times in milliseconds since the epoch. */
export interface Rest {
  readonly step: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The wait that a run is in, or was in last. Throws where there was none. */
export function restAmong(events: readonly RunEvent[]): Rest {
  const { step, from, until } = events.findLast(({ kind }) => kind === 'resting')?.data ?? {};
  if (typeof step !== 'number' || typeof from !== 'string' || typeof until !== 'string')
    throw new Error('a run rests without a wait');
  return { step, fromMs: Date.parse(from), untilMs: Date.parse(until) };
}

/** Why what was begun is put back. */
export type UndoCause =
  | { readonly cause: 'harm' | 'not_healed' }
  | { readonly cause: 'given_up'; readonly reason: Reason; readonly detail?: string };

/** Why a run was being undone when it was left. */
export function undoCauseAmong(events: readonly RunEvent[]): UndoCause {
  const { cause, reason, detail } = events.findLast(({ kind }) => kind === 'undoing')?.data ?? {};
  if (cause === 'given_up')
    return {
      cause,
      // It was written as one.
      reason: reason as Reason,
      ...(typeof detail === 'string' && { detail }),
    };
  return { cause: cause === 'not_healed' ? cause : 'harm' };
}
