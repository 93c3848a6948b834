import type { Action } from '../actions/action.ts';
import type { Run } from '../run/run.ts';

/**
 * Says whether an alert that still fires after its run has ended may lead to another attempt, as soon as cooldown and limit
 * allow. After a proved fix the fault has come back. A fix that failed is tried again only where it never began, or where a
 * second one can do no harm; one that did harm never is.
 */
export function mayTryAgain(
  { alert, state, outcome, reason, plan, actedAtMs }: Run,
  actions: ReadonlyMap<string, Action>,
): boolean {
  if (state !== 'closed' || alert.status !== 'firing' || actedAtMs === undefined) return false;
  if (outcome === 'verified' || reason === 'not_started') return true;
  const didNoHarm = reason === 'not_verified' || reason === 'action_failed';
  return didNoHarm && plan !== undefined && actions.get(plan.action)?.idempotent === true;
}
