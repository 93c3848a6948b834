import type { z } from 'zod';
import type { PathProblem } from '../path-problem.ts';

type Issue = z.core.$ZodIssue;

/** Turns what the schema refused into problems. `knownKeys` lists the keys that the mapping at a path may have. */
export function schemaProblems(
  issues: readonly Issue[],
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): PathProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, knownKeys));
}

function problemsOf(
  issue: Issue,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): PathProblem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...issue.path, key], knownKeys(issue.path)));
    case 'invalid_key':
      return [
        {
          path: issue.path,
          part: 'key',
          found: JSON.stringify(String(issue.path.at(-1))),
          expected: issue.issues[0]?.message ?? 'another key',
        },
      ];
    case 'invalid_value':
      return [{ path: issue.path, expected: oneOf(issue.values) }];
    case 'invalid_type':
      return [{ path: issue.path, expected: expectedType(issue) }];
    case 'invalid_union':
      return [{ path: issue.path, expected: expectedOfUnion(issue) }];
    case 'too_small':
    case 'too_big':
      return [{ path: issue.path, expected: expectedSize(issue) }];
    case 'custom':
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ path: issue.path, expected: issue.message }];
  }
}

/** What the union itself says where it says it, and else what a parameter of a policy may be. */
function expectedOfUnion({ message }: Issue): string {
  return message.startsWith('Invalid input') ? 'a text, a number, true, false, or {label: name}' : message;
}

function unknownKey(path: PropertyKey[], known: readonly string[]): PathProblem {
  const key = String(path.at(-1));
  const near = known.find((name) => distance(name, key) <= 2);
  const expected = near === undefined ? `one of ${known.join(', ')}` : `perhaps ${near}`;
  return { path, part: 'key', found: `the unknown key ${JSON.stringify(key)}`, expected };
}

/** What the schema itself says where it says it, and else the name of the type. */
function expectedType({ message, expected }: Extract<Issue, { code: 'invalid_type' }>): string {
  return message.startsWith('Invalid input') ? typeName(expected) : message;
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[expected] ?? expected;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

/** What the schema itself says where it says it, and else the bound. */
function expectedSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  if (!issue.message.startsWith('Too ')) return issue.message;
  if (issue.origin === 'string' && issue.code === 'too_small') return 'a text that is not empty';
  if (issue.origin === 'array' && issue.code === 'too_small') return 'a list that is not empty';
  return issue.code === 'too_small' ? `${issue.minimum} or more` : `${issue.maximum} or less`;
}

/** Levenshtein's distance: how many letters must be added, taken away or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      const change = (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
