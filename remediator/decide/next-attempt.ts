import type { Action } from '../actions/action.ts';
import type { Run } from '../run/run.ts';

/**
 * Says whether an alert that still fires after its run has ended may lead to another attempt, as soon as cooldown and limit
 * allow. After a proved fix the fault has come back. A fix that failed is tried again only where that can do no harm, and one
 * that was undone never is.
 */
export function mayTryAgain(
  { alert, state, outcome, plan, actedAtMs }: Run,
  actions: ReadonlyMap<string, Action>,
): boolean {
  if (state !== 'closed' || alert.status !== 'firing' || actedAtMs === undefined) return false;
  if (outcome === 'verified') return true;
  return outcome === 'failed' && plan !== undefined && actions.get(plan.action)?.idempotent === true;
}
