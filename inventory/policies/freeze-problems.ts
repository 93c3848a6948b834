import type { PathProblem } from '../path-problem.ts';
import type { Freeze } from '../schema/freeze.ts';
import { freezeFault } from '../promql/verification.ts';

/** Says which freezes are for policies that are not there, or ask PromQL that cannot be read. */
export function freezeProblems(freezes: readonly Freeze[], policies: readonly unknown[]): PathProblem[] {
  return freezes.flatMap(({ policies: named = [], promql }, index) => [
    ...named.flatMap((name, at) =>
      policies.includes(name)
        ? []
        : [{ path: ['freezes', index, 'policies', at], expected: `one of ${policies.join(', ')}` }],
    ),
    ...promqlProblem(promql, ['freezes', index, 'promql']),
  ]);
}

function promqlProblem(promql: string | undefined, path: PropertyKey[]): PathProblem[] {
  const fault = promql === undefined ? undefined : freezeFault(promql);
  return fault === undefined ? [] : [{ path, expected: fault }];
}
