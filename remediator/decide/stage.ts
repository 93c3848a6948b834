import type { Policy } from '../../inventory/schema/policy.ts';
import type { Plan, Reason } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { longestWindowMs } from './frequency.ts';
import { isFailure } from './past-actions.ts';

/** After these a further step may help; after harm, it is left to people. */
const HARMLESS_FAILURES: ReadonlySet<Reason | undefined> = new Set([
  'action_failed',
  'not_verified',
  'not_healed_undone',
]);

/** Whether a policy has a further step after one that failed, and it may be tried. */
export function hasNextStage(
  { reason, plan }: { readonly reason?: Reason | undefined; readonly plan: Plan },
  policy: Policy,
): boolean {
  return HARMLESS_FAILURES.has(reason) && plan.stage < policy.then.length;
}

/**
 * Which of a policy's steps is due for an alert: 0 is its own action, 1 the first of `then`. The next one is due where the last one for the same
 * alert has failed, in the time that the policy's windows look back. Undefined where all have, or one did harm: then people are due.
 */
export function dueStage(
  policy: Policy,
  fingerprint: string,
  history: readonly PastAction[],
  nowMs: number,
): number | undefined {
  if (policy.then.length === 0) return 0;
  const last = history.findLast(
    (past) =>
      past.fingerprint === fingerprint &&
      past.plan.policy === policy.name &&
      nowMs - past.atMs < longestWindowMs(policy),
  );
  if (last === undefined || last.outcome === 'verified') return 0;
  if (!isFailure(last)) return last.plan.stage;
  return hasNextStage(last, policy) ? last.plan.stage + 1 : undefined;
}
