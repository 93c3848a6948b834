import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Run } from '../run/run.ts';
import { hasNextStage } from './stage.ts';

/**
 * Says whether an alert that still fires after its run has ended may lead to another attempt, as soon as cooldown and limit
 * allow. After a proved fix the fault has come back. A fix that failed is tried again only where it never began, or where a
 * second one can do no harm; one that did harm never is. Where its policy has a further step, that is tried.
 */
export function mayTryAgain(
  run: Run,
  actions: ReadonlyMap<string, Action>,
  policies: readonly Policy[],
): boolean {
  const { alert, state, outcome, reason, plan, actedAtMs } = run;
  if (state !== 'closed' || alert.status !== 'firing' || actedAtMs === undefined) return false;
  if (outcome === 'verified' || reason === 'not_started') return true;
  if (leadsOn(run, policies)) return true;
  const didNoHarm = reason === 'not_verified' || reason === 'action_failed';
  return didNoHarm && plan !== undefined && actions.get(plan.action)?.idempotent === true;
}

/** Whether a run has failed, and its policy goes on with another step at once. */
export function leadsOn({ alert, state, outcome, reason, plan }: Run, policies: readonly Policy[]): boolean {
  if (state !== 'closed' || outcome === 'verified' || alert.status !== 'firing' || plan === undefined)
    return false;
  const policy = policies.find(({ name }) => name === plan.policy);
  return policy !== undefined && hasNextStage({ reason, plan }, policy);
}
