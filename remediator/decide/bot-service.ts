import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';

/**
 * A policy as it counts for a plan. What restarts a service knows nothing of trades, so that the service of a bot is started by it and never restarted: a
 * guard of its own holds only while the service is seen to be down. A bot that runs is left to `bot.restart`, which waits until no trade is open.
 */
export function guardedForBots(policy: Policy, plan: Plan, action: Action, { bots }: Inventory): Policy {
  const botServices = Object.values(bots)
    .filter(({ host }) => host === plan.host)
    .map(({ service }) => service);
  const guards = Object.entries(action.parameters)
    .filter(([, type]) => 'memberOf' in type && type.memberOf === 'services-of-host')
    .filter(([name]) => botServices.includes(plan.parameters[name]))
    .map(([name]) => `host_service_up{instance="$host", name="$${name}"} == 0`);
  return guards.length === 0 ? policy : { ...policy, guard: [...policy.guard, ...guards] };
}
