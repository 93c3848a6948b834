import { substituteVariables } from '../../inventory/promql/promql.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { actionsOf } from '../actions.ts';
import type { Action } from '../actions/action.ts';
import type { Plan } from './run.ts';

/** The action of a plan; undefined where there is none of that name any more, in this version or in steward.yml. */
export function actionOf(plan: Plan, inventory: Inventory): Action | undefined {
  return actionsOf(inventory).get(plan.action);
}

/** Puts a plan's values in the place of the variables of a query. */
export function fillQuery(query: string, { parameters, target, host }: Plan): string {
  return substituteVariables(query, { ...parameters, target, host });
}
