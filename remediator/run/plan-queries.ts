import { substituteVariables } from '../../inventory/promql.ts';
import { actions } from '../actions.ts';
import type { Action } from '../actions/action.ts';
import type { Plan } from './run.ts';

/** The action of a plan. Throws where there is none of that name, which only a journal of another version can bring about. */
export function actionOf(plan: Plan): Action {
  const action = actions.get(plan.action);
  if (action === undefined) throw new Error(`there is no action ${plan.action}`);
  return action;
}

/** Puts a plan's values in the place of the variables of a query. */
export function fillQuery(query: string, { parameters, target, host }: Plan): string {
  return substituteVariables(query, { ...parameters, target, host });
}
