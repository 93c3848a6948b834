import { isPhpFpm } from '../../hosts/service-managers/php-fpm-service.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Action } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';

/**
 * Makes the question whether another plan of the same action acts on the same thing: on the same target, or on what both targets share, such as the php-fpm of
 * two sites.
 */
export function actingOnSame(plan: Plan, action: Action, inventory: Inventory): (other: Plan) => boolean {
  const isShared = action.sharedOn === 'php-fpm-of-site';
  const part = isShared ? phpFpmOf(plan, inventory) : undefined;
  return (other) =>
    other.target === plan.target ||
    (part !== undefined && other.host === plan.host && phpFpmOf(other, inventory) === part);
}

/** The one that its verb takes; undefined where there is none, or several, and the verb refuses. */
function phpFpmOf({ target }: Plan, { sites }: Inventory): string | undefined {
  const site = Object.hasOwn(sites, target) ? sites[target] : undefined;
  const [service, another] = site?.services.filter(isPhpFpm) ?? [];
  return another === undefined ? service : undefined;
}
