import type { LoadedInventory } from '../../inventory/load.ts';
import { isOwnService } from '../../inventory/policies/own-parts.ts';
import type { PathProblem } from '../../inventory/path-problem.ts';
import type { Problem } from '../../inventory/problem.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import { actionsOf } from '../actions.ts';
import { botProblems } from './check-bots.ts';
import { fitsParameter, formOf } from '../decide/parameters.ts';

/** Says what is wrong with the policies that only one who knows the actions can tell. */
export function checkPolicies({ inventory, locate }: LoadedInventory): readonly Problem[] {
  const actions = actionsOf(inventory);
  return locate(
    inventory.policies.flatMap((policy, index) => policyProblems(policy, index, actions, inventory)),
  );
}

function policyProblems(
  policy: Policy,
  index: number,
  actions: ReadonlyMap<string, Action>,
  inventory: Inventory,
): PathProblem[] {
  const path = ['policies', index];
  const steps = [
    { step: policy, at: path },
    ...policy.then.map((step, at) => ({ step, at: [...path, 'then', at] })),
  ];
  return steps.flatMap(({ step, at }) => {
    const action = actions.get(step.action);
    return [
      ...stepProblems(step, at, actions),
      ...targetProblems(step, at, policy, actions),
      ...ownServiceProblems(step, at, action, inventory),
      ...(action === undefined ? [] : botProblems(policy, at, action, inventory)),
    ];
  });
}

function stepProblems(
  step: Pick<Policy, 'action' | 'with'>,
  path: PropertyKey[],
  actions: ReadonlyMap<string, Action>,
): PathProblem[] {
  const action = actions.get(step.action);
  if (action === undefined) {
    return [{ path: [...path, 'action'], expected: `one of ${[...actions.keys()].join(', ')}` }];
  }
  const known = Object.entries(action.parameters).flatMap(([name, type]) => ('saidOf' in type ? [] : [name]));
  const missing = known.filter((name) => !Object.hasOwn(step.with, name));
  const unknown = Object.keys(step.with).filter((name) => !known.includes(name));
  const allowed = known.length === 0 ? `no parameter: ${action.name} has none` : `one of ${known.join(', ')}`;
  return [
    ...missing.map((name) => ({
      path: [...path, 'with'],
      expected: `the parameter ${name} of ${action.name}`,
    })),
    ...literalProblems(step, path, action),
    ...unknown.map((name) => ({
      path: [...path, 'with', name],
      part: 'key' as const,
      found: `the unknown parameter ${JSON.stringify(name)}`,
      expected: allowed,
    })),
  ];
}

/** One alert leads to one target, so that a step for another kind of target could never be tried. */
function targetProblems(
  step: Pick<Policy, 'action'>,
  path: PropertyKey[],
  policy: Policy,
  actions: ReadonlyMap<string, Action>,
): PathProblem[] {
  const [first, own] = [actions.get(policy.action)?.target, actions.get(step.action)?.target];
  if (first === undefined || own === undefined || first === own) return [];
  return [{ path: [...path, 'action'], expected: `an action for a ${first}, as ${policy.action} is` }];
}

/** A label is only known when an alert comes: the decision looks at it then. */
function ownServiceProblems(
  step: Pick<Policy, 'with'>,
  path: PropertyKey[],
  action: Action | undefined,
  inventory: Inventory,
): PathProblem[] {
  return Object.entries(action?.parameters ?? {}).flatMap(([name, type]) => {
    const value = Object.hasOwn(step.with, name) ? step.with[name] : undefined;
    const isService = 'memberOf' in type && type.memberOf === 'services-of-host';
    if (!isService || typeof value !== 'string' || !isOwnSomewhere(value, inventory)) return [];
    const expected = 'a service that is no part of Steward: its own manager restarts what is';
    return [{ path: [...path, 'with', name], expected }];
  });
}

/** Whether it is Steward's own everywhere, or on one of the hosts that have it. */
function isOwnSomewhere(service: string, { hosts, remediator }: Inventory): boolean {
  const having = Object.values(hosts).filter(({ services }) => services.some(({ name }) => name === service));
  return [{}, ...having].some((host) => isOwnService(service, host, remediator.journal));
}

/** A value that is written out and does not fit would be refused each time that an alert comes. */
function literalProblems(
  step: Pick<Policy, 'with'>,
  path: PropertyKey[],
  { parameters }: Action,
): PathProblem[] {
  return Object.entries(parameters).flatMap(([name, type]) => {
    const value = Object.hasOwn(step.with, name) ? step.with[name] : undefined;
    if (!('fits' in type) || value === undefined || typeof value === 'object') return [];
    return fitsParameter(type.fits, value.toString())
      ? []
      : [{ path: [...path, 'with', name], expected: formOf(type.fits) }];
  });
}
