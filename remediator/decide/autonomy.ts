import type { Policy } from '../../inventory/schema/policy.ts';
import type { Plan, Reason } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { isApproved, type Approval } from './approval.ts';
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

/** Says why a plan may not be carried out without somebody's word, or against it; undefined where it may. */
export function modeReason(
  policy: Policy,
  plan: Plan,
  history: readonly PastAction[],
  approval: Approval | undefined,
  nowMs: number,
): Reason | undefined {
  if (approval?.kind === 'denied') return 'denied';
  if (policy.mode === 'observe') return 'mode_observe';
  if (actsByItself(policy, history, plan, nowMs) || isApproved(plan, approval, nowMs)) return undefined;
  return 'mode_needs_approval';
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
