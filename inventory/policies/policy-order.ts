import type { PathProblem } from '../path-problem.ts';
import type { Policy } from '../schema/policy.ts';

/** Says which policies come after one that is not there, or that, in the end, comes after them. The indices are those of the list as it is written. */
export function policyOrderProblems(
  policies: readonly (Pick<Policy, 'name' | 'after'> | undefined)[],
): PathProblem[] {
  const after = new Map(
    policies.flatMap((policy) => (policy === undefined ? [] : [[policy.name, policy.after]])),
  );
  return policies.flatMap((policy, index) =>
    (policy?.after ?? []).flatMap((name, at) => {
      const expected = faultOf(policy?.name ?? '', name, after);
      return expected === undefined ? [] : [{ path: ['policies', index, 'after', at], expected }];
    }),
  );
}

function faultOf(
  policy: string,
  earlier: string,
  after: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (!after.has(earlier)) return `one of ${[...after.keys()].filter((name) => name !== policy).join(', ')}`;
  return comesAfter(earlier, policy, after, new Set())
    ? `a policy that does not come after ${policy} itself: neither would ever begin`
    : undefined;
}

function comesAfter(
  later: string,
  earlier: string,
  after: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): boolean {
  if (later === earlier) return true;
  if (seen.has(later)) return false;
  seen.add(later);
  return (after.get(later) ?? []).some((name) => comesAfter(name, earlier, after, seen));
}
