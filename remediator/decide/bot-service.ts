import { namesToManager } from '../../inventory/policies/own-parts.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';
import { customCommands } from './custom-commands.ts';

/**
 * A policy as it counts for a plan. What restarts a service knows nothing of trades, so that the service of a bot is started by it and never restarted: a
 * guard of its own holds only while the service is seen to be down. A bot that runs is left to `bot.restart`, which waits until no trade is open.
 */
export function guardedForBots(policy: Policy, plan: Plan, action: Action, inventory: Inventory): Policy {
  const botServices = Object.values(inventory.bots)
    .filter(({ host }) => host === plan.host)
    .flatMap(({ service }) => service ?? []);
  const byParameter = Object.entries(action.parameters)
    .filter(([, type]) => 'memberOf' in type && type.memberOf === 'services-of-host')
    .filter(([name]) => botServices.includes(plan.parameters[name] ?? ''))
    .map(([name]) => downGuard(`$${name}`));
  const named = new Set(customCommands(plan, inventory).flatMap(namesToManager).map(withoutSuffix));
  const byCommand = botServices.filter((name) => named.has(withoutSuffix(name))).map(downGuard);
  const guards = [...byParameter, ...byCommand];
  return guards.length === 0 ? policy : { ...policy, guard: [...policy.guard, ...guards] };
}

function downGuard(name: string): string {
  return `host_service_up{instance="$host", name="${name}"} == 0`;
}

/** systemd takes the name of a service with and without it. */
function withoutSuffix(name: string): string {
  return name.replace(/\.service$/, '');
}
