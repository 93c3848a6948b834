import type { PathProblem } from '../path-problem.ts';

/** Finds keys named `__proto__`, at any depth. The schema would pass over them in silence. */
export function prototypeKeyProblems(value: unknown): PathProblem[] {
  return problemsBelow(value, [], new Set());
}

/** Each structure is visited once, since aliases upon aliases make a small file into an endless one. */
function problemsBelow(value: unknown, path: readonly PropertyKey[], visited: Set<object>): PathProblem[] {
  if (typeof value !== 'object' || value === null || visited.has(value)) return [];
  visited.add(value);
  return Object.entries(value).flatMap(([key, part]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== '__proto__') return problemsBelow(part, place, visited);
    return [{ path: place, part: 'key' as const, found: '"__proto__"', expected: 'another name' }];
  });
}
