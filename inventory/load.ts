import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { deepFreeze } from './deep-freeze.ts';
import { freezeProblems } from './policies/freeze-problems.ts';
import { knownKeys } from './json-schema.ts';
import { ownPartProblems } from './policies/own-part-problems.ts';
import type { PathProblem } from './path-problem.ts';
import { policyOrderProblems } from './policies/policy-order.ts';
import { policyProblems } from './policies/policy-problems.ts';
import { readPositions, type Positions } from './file/positions.ts';
import { describeFound, formatPath, type Problem } from './problem.ts';
import { prototypeKeyProblems } from './file/prototype-keys.ts';
import { duplicatePolicyProblems, referenceProblems } from './file/references.ts';
import { schemaProblems } from './file/schema-problems.ts';
import { freezeSchema } from './schema/freeze.ts';
import { inventorySchema, type Inventory } from './schema/inventory.ts';
import { policySchema } from './schema/policy.ts';
import {
  mergePolicies,
  policyName,
  readShippedPolicies,
  SHIPPED_POLICIES_FILE,
  strayChangeProblems,
  type PolicyOrigin,
} from './policies/shipped-policies.ts';
import { soundEntries } from './file/sound-entries.ts';
import { parseYamlMapping, valueAt } from './file/yaml-mapping.ts';

/** A steward.yml that was read: what it says, and where problems with it that others find stand. */
export interface LoadedInventory {
  readonly ok: true;
  readonly file: string;
  readonly inventory: Inventory;
  /** Turns a path in steward.yml that names a local file into one that can be opened. `env:NAME` stays. */
  readonly resolveFile: (path: string) => string;
  /** Gives problems that were found later their place in the file. */
  readonly locate: (problems: readonly PathProblem[]) => Problem[];
}

/** What came of reading a steward.yml: it, or everything that is wrong with it. */
export type LoadResult =
  LoadedInventory | { readonly ok: false; readonly file: string; readonly problems: readonly Problem[] };

/** Larger files are refused: no inventory is that long, and a parser should not be fed without bound. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Reads and checks a steward.yml. Never rejects: what is wrong is in the result, all of it at once. */
export async function loadInventory(file: string): Promise<LoadResult> {
  const text = await readText(file);
  if (typeof text !== 'string') return { ok: false, file, problems: [text] };
  const parsed = parseYamlMapping(file, text, 'a mapping with hosts, sites and so on');
  if ('problem' in parsed) return { ok: false, file, problems: [parsed.problem] };
  return check(file, parsed.value, readPositions(text), await readShippedPolicies());
}

function check(
  file: string,
  value: Readonly<Record<string, unknown>>,
  positions: Positions,
  shipped: Parameters<typeof mergePolicies>[0],
): LoadResult {
  const own = value['policies'] ?? [];
  const origins = Array.isArray(own) ? mergePolicies(shipped, own) : [];
  const policies = Array.isArray(own) ? origins.map((origin) => origin.value) : own;
  const raw = { ...value, policies };
  const locate = locator(file, raw, positions, origins);
  const result = inventorySchema.safeParse(raw);
  const entries = soundEntries(raw);
  const folder = dirname(resolve(file));
  const found = [
    ...prototypeKeyProblems(value),
    ...(result.success ? [] : schemaProblems(result.error.issues, knownKeys)),
    ...referenceProblems(entries),
    ...ownPartProblems(entries, value, folder),
    ...policyListProblems(policies),
    ...freezeListProblems(value['freezes'], origins),
    ...strayChangeProblems(shipped, origins),
  ];
  if (!result.success || found.length > 0) return { ok: false, file, problems: locate(found).sort(byPlace) };
  return {
    ok: true,
    file,
    inventory: deepFreeze(result.data),
    resolveFile: (path) => (path.startsWith('env:') ? path : resolve(folder, path)),
    locate,
  };
}

/** What is wrong beyond the schema, for the policies that pass it, so that all is told at once. */
function policyListProblems(policies: unknown): PathProblem[] {
  if (!Array.isArray(policies)) return [];
  const results = policies.map((policy) => policySchema.safeParse(policy));
  return [
    ...duplicatePolicyProblems(results.map(({ data }) => data?.name)),
    ...policyOrderProblems(results.map(({ data }, index) => data ?? onlyNamed(policies[index]))),
    ...results.flatMap(({ data }, index) => (data === undefined ? [] : policyProblems(data, index))),
  ];
}

/** What does not pass the schema is still there for those that come after it. */
function onlyNamed(value: unknown): { readonly name: string; readonly after: readonly string[] } | undefined {
  const name = policyName(value);
  return typeof name === 'string' ? { name, after: [] } : undefined;
}

function freezeListProblems(freezes: unknown, policies: readonly PolicyOrigin[]): PathProblem[] {
  const result = z.array(freezeSchema).safeParse(freezes ?? []);
  return result.success
    ? freezeProblems(
        result.data,
        policies.map(({ value }) => policyName(value)),
      )
    : [];
}

/** Orders problems as they stand in the file, those of the file as a whole first. */
function byPlace(one: Problem, other: Problem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

async function readText(file: string): Promise<string | Problem> {
  const problem = (found: string, expected: string): Problem => ({ file, path: '', found, expected });
  try {
    const text = await readFile(file, 'utf8');
    return text.length <= MAX_CHARACTERS ? text : problem('more than 4 MiB', 'a smaller file');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return problem('no file', 'a steward.yml; `steward init` writes one');
    if (code === 'EISDIR') return problem('a folder', 'a file');
    return problem(`a file that cannot be read (${String(code)})`, 'one that this account may read');
  }
}

/** Finds the place of a path. A path in a policy leads to the operator's own entry, or else to the shipped one. */
function locator(
  file: string,
  raw: unknown,
  positions: Positions,
  origins: readonly PolicyOrigin[],
): (problems: readonly PathProblem[]) => Problem[] {
  return (problems) =>
    problems.map(({ path, expected, part, found = describeFound(valueAt(raw, path)) }) => {
      const origin = path[0] === 'policies' && typeof path[1] === 'number' ? origins[path[1]] : undefined;
      if (origin !== undefined && origin.ownIndex === undefined) {
        return { file: SHIPPED_POLICIES_FILE, path: formatPath(path), found, expected };
      }
      const ownPath = origin === undefined ? path : ['policies', origin.ownIndex ?? 0, ...path.slice(2)];
      return { file, ...positions.locate(ownPath, part), path: formatPath(ownPath), found, expected };
    });
}
