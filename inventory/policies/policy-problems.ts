import { MatcherError, parseMatcher } from '../promql/matcher.ts';
import type { PathProblem } from '../path-problem.ts';
import { variablesOf } from '../promql/promql.ts';
import { formatDuration } from '../duration.ts';
import type { Policy } from '../schema/policy.ts';
import { guardFault, verificationFault } from '../promql/verification.ts';

/** Says what is wrong with the matchers, queries and times of a policy. Its action is checked by whoever knows the actions. */
export function policyProblems(policy: Policy, index: number): PathProblem[] {
  const path = ['policies', index];
  return [
    ...policy.match.flatMap((text, at) => matcherProblem(text, [...path, 'match', at])),
    ...policy.guard.flatMap((query, at) => queryProblem(policy, query, [...path, 'guard', at], guardFault)),
    ...(policy.verify.query === undefined
      ? []
      : queryProblem(policy, policy.verify.query, [...path, 'verify', 'query'], verificationFault)),
    ...cooldownProblem(policy, path),
  ];
}

function matcherProblem(text: string, path: PropertyKey[]): PathProblem[] {
  try {
    parseMatcher(text);
    return [];
  } catch (error) {
    if (error instanceof MatcherError) return [{ path, expected: error.message }];
    throw error;
  }
}

function queryProblem(
  policy: Policy,
  query: string,
  path: PropertyKey[],
  fault: (query: string) => string | undefined,
): PathProblem[] {
  const expected = fault(query);
  if (expected !== undefined) return [{ path, expected }];
  const known = ['target', 'host', ...parametersOfAllSteps(policy)];
  const unknown = variablesOf(query).find((name) => !known.includes(name));
  if (unknown === undefined) return [];
  return [
    { path, expected: `one of ${known.map((name) => `$${name}`).join(', ')} where $${unknown} stands` },
  ];
}

/** The same queries are asked whichever step was taken. */
function parametersOfAllSteps({ with: parameters, then }: Policy): string[] {
  return Object.keys(parameters).filter((name) => then.every((step) => Object.hasOwn(step.with, name)));
}

function cooldownProblem({ cooldown, verify }: Policy, path: PropertyKey[]): PathProblem[] {
  if (cooldown >= verify.within) return [];
  const expected = `a cooldown of at least ${formatDuration(verify.within)}, as long as the verification may take`;
  return [{ path: [...path, 'cooldown'], expected, found: formatDuration(cooldown) }];
}
