import { parseMatcher } from '../../inventory/promql/matcher.ts';
import type { PathProblem } from '../../inventory/path-problem.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';

/**
 * Says which bots a policy could be asked to act on that it cannot act on. A policy that only observes does nothing, so that those that ship are never at
 * fault.
 */
export function botProblems(
  { name, mode, match }: Policy,
  path: readonly PropertyKey[],
  action: Action,
  { bots }: Inventory,
): PathProblem[] {
  if (action.target !== 'bot' || mode === 'observe') return [];
  const matchers = match.map(parseMatcher).filter(({ label }) => label === 'instance');
  const needsService = Object.values(action.parameters).some((type) => 'saidOf' in type);
  return Object.entries(bots)
    .filter(([id]) => matchers.every((matcher) => matcher.matches(id)))
    .flatMap(([id, { kind, service }]): PathProblem[] => {
      if (kind !== 'freqtrade') {
        const expected = `an action that is not for the bot ${id}: Steward knows no commands of the kind ${kind}; leave it out by the matcher instance!="${id}"`;
        return [{ path: [...path, 'action'], expected }];
      }
      if (!needsService || service !== undefined) return [];
      const expected = `the service that it runs as, which the policy ${name} restarts; or leave it out there by the matcher instance!="${id}"`;
      return [{ path: ['bots', id, 'service'], expected }];
    });
}
