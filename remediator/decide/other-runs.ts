import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Action } from '../actions/action.ts';
import type { Plan, Run } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { hasSameParameters } from './past-actions.ts';
import { planFor, policyFor } from './planned.ts';

/** The run of the decision, among the others. */
export interface ThisRun {
  readonly id: string;
  readonly acceptedAtMs: number;
}

/**
 * The run that does the same thing for another alert, and is under way, or was started after this alert came and within the cooldown: two sites on one
 * php-fpm that is down are one restart.
 */
export function runToJoin(
  run: ThisRun & Pick<Alert, 'fingerprint'>,
  { cooldown }: Policy,
  plan: Plan,
  actsOnSame: (other: Plan) => boolean,
  history: readonly PastAction[],
  nowMs: number,
): string | undefined {
  const same = history.findLast(
    (past) =>
      past.runId !== run.id &&
      past.fingerprint !== run.fingerprint &&
      past.plan.host === plan.host &&
      past.plan.action === plan.action &&
      hasSameParameters(past.plan, plan) &&
      actsOnSame(past.plan) &&
      (past.outcome === undefined || (past.atMs >= run.acceptedAtMs && nowMs - past.atMs < cooldown)),
  );
  return same?.runId;
}

/** A run that is not closed, as decisions about other alerts need it. */
export type OpenRun = Pick<Run, 'id' | 'alert'>;

/** The name of a policy that this one comes after, and that has an alert of the same host before it. */
export function policyToWaitFor(
  run: ThisRun,
  { after }: Policy,
  plan: Plan,
  openRuns: readonly OpenRun[],
  inventory: Inventory,
  actions: ReadonlyMap<string, Action>,
): string | undefined {
  if (after.length === 0) return undefined;
  return openRuns
    .filter(({ id, alert }) => id !== run.id && alert.status === 'firing')
    .map(({ alert: { labels } }) => {
      const policy = policyFor(labels, inventory.policies);
      if (policy === undefined || !after.includes(policy.name) || policy.mode === 'observe') return undefined;
      const planned = planFor(policy, 0, { labels }, inventory, actions);
      return 'plan' in planned && planned.plan.host === plan.host ? policy.name : undefined;
    })
    .find((name) => name !== undefined);
}
