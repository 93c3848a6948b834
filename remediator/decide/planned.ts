import { allMatch, parseMatcher } from '../../inventory/promql/matcher.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Plan, Reason } from '../run/run.ts';
import { guardedForBots } from './bot-service.ts';
import { oncePerPolicy } from './once-per-policy.ts';
import { resolveParameters } from './parameters.ts';
import { policyRevision } from './policy-revision.ts';
import { resolveTarget } from './target.ts';

/** A plan, and the policy that leads to it, as it counts for that plan. */
export interface Planned {
  readonly plan: Plan;
  readonly policy: Policy;
}

const matchersOf = oncePerPolicy(({ match }) => match.map(parseMatcher));

/** The policy that answers an alert: the first whose matchers all fit. */
export function policyFor(labels: Alert['labels'], policies: readonly Policy[]): Policy | undefined {
  return policies.find((policy) => allMatch(matchersOf(policy), labels));
}

/** What a policy does about an alert at one of its stages, all looked up, or why nothing can be done. */
export function planFor(
  policy: Policy,
  stage: number,
  { labels }: Pick<Alert, 'labels'>,
  inventory: Inventory,
  actions: ReadonlyMap<string, Action>,
): Planned | { readonly reason: Reason } {
  const { action: name, with: parameterSources } = policy.then[stage - 1] ?? policy;
  const action = actions.get(name);
  if (action === undefined) return { reason: 'no_policy' };
  const target = resolveTarget(labels, inventory, action.target);
  if ('reason' in target) return target;
  const parameters = resolveParameters(parameterSources, action, labels, target, inventory);
  if (parameters === undefined) return { reason: 'parameter_not_allowed' };
  const plan: Plan = {
    policy: policy.name,
    revision: policyRevision(policy, inventory.actions),
    stage,
    action: action.name,
    target: target.id,
    host: target.host,
    parameters,
  };
  return { plan, policy: guardedForBots(policy, plan, action, inventory) };
}
