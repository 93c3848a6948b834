import type { Policy } from '../../inventory/schema/policy.ts';
import type { Plan } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { isFailure } from './past-actions.ts';

/** Trust that was earned is for this long: what worked a month ago says little about a host of today. */
export const TRUST_MS = 30 * 86_400_000;

/** Whether a policy may act without being asked: always in mode auto, and in mode earn(n) while its trust lasts. */
export function actsByItself(
  policy: Policy,
  history: readonly PastAction[],
  plan: Plan,
  nowMs: number,
): boolean {
  return policy.mode === 'auto' || hasEarnedTrust(policy, history, plan, nowMs);
}

/** How many verified fixes mode earn(n) asks for; undefined in other modes. */
function successesNeeded(mode: Policy['mode']): number | undefined {
  const text = /^earn\((\d+)\)$/.exec(mode)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** Fixes by the same text of the policy count, in the time that trust lasts, and since the last one that failed. */
function hasEarnedTrust(policy: Policy, history: readonly PastAction[], plan: Plan, nowMs: number): boolean {
  const needed = successesNeeded(policy.mode);
  if (needed === undefined) return false;
  const mine = history.filter(
    (past) =>
      past.plan.policy === plan.policy &&
      past.plan.revision === plan.revision &&
      nowMs - past.atMs < TRUST_MS,
  );
  const sinceFailure = mine.slice(mine.findLastIndex(isFailure) + 1);
  return sinceFailure.filter(({ outcome }) => outcome === 'verified').length >= needed;
}
