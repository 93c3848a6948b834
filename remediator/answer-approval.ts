import { z } from 'zod';
import { approvedEvent, planHash } from './decide/approval.ts';
import type { Run } from './run/run.ts';
import type { Journal } from './store/journal.ts';

/** What a person answers to a run that waits for them. */
export const answerSchema = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  /** The hash of the plan that they saw. */
  plan: z.string(),
  /** Who they say they are, for the journal. */
  by: z.string().min(1).max(100),
});

/** What a person answers to a run that waits for them. */
export type ApprovalAnswer = z.output<typeof answerSchema>;

/** Records the answer, and resolves with why it cannot be taken where it cannot. The caller has the run looked at again. */
export async function answerApproval(
  run: Run,
  { answer, plan, by }: ApprovalAnswer,
  journal: Journal,
): Promise<string | undefined> {
  // A run that rests may still be given up.
  const isAsked =
    (run.state === 'waiting' && run.outcome === 'awaiting_approval') ||
    (run.state === 'resting' && answer === 'deny');
  if (!isAsked || run.plan === undefined) {
    return `run ${run.id} does not wait for approval: it is ${run.outcome ?? run.state}`;
  }
  if (planHash(run.plan) !== plan) return `the plan of run ${run.id} is another one now: look at it again`;
  const nowMs = Date.now();
  const denied = { at: new Date(nowMs).toISOString(), kind: 'denied', data: { by } } as const;
  await journal.append(run.id, [answer === 'approve' ? approvedEvent(plan, by, nowMs) : denied], {});
  return undefined;
}
