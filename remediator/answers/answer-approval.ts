import { approvalAmong, approvedEvent, isApproved, planHash } from '../decide/approval.ts';
import type { Run, RunEvent } from '../run/run.ts';

/** What a person answers to a run that waits for them. */
export interface ApprovalAnswer {
  readonly answer: 'approve' | 'deny';
  /** The hash of the plan that they saw. */
  readonly plan: string;
  /** Who they say they are, for the journal. */
  readonly by: string;
}

/**
 * Says why an answer cannot be taken, or nothing where it can. A no counts as long as nothing was begun, also after a yes, and for a run that rests; a yes is taken once
 * while it counts, and never after a no.
 */
export function whyNotTaken(
  run: Run | undefined,
  { answer, plan }: ApprovalAnswer,
  nowMs: number,
): string | undefined {
  if (run === undefined) return 'there is no such run';
  const { id, state, outcome, events } = run;
  const isAsked = state === 'waiting' && outcome === 'awaiting_approval';
  if ((!isAsked && !(state === 'resting' && answer === 'deny')) || run.plan === undefined)
    return `run ${id} does not wait for approval: it is ${outcome ?? state}`;
  if (planHash(run.plan) !== plan) return `the plan of run ${id} is another one now: look at it again`;
  const denied = events.find(({ kind }) => kind === 'denied');
  if (denied !== undefined) return `run ${id} was denied already, by ${String(denied.data['by'])}`;
  return answer === 'approve' && isApproved(run.plan, approvalAmong(events), nowMs)
    ? `run ${id} was approved already`
    : undefined;
}

/** The event that records an answer. */
export function answeredEvent({ answer, plan, by }: ApprovalAnswer, nowMs: number): RunEvent {
  if (answer === 'approve') return approvedEvent(plan, by, nowMs);
  return { at: new Date(nowMs).toISOString(), kind: 'denied', data: { by } };
}
