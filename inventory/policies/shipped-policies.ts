import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import type { PathProblem } from '../path-problem.ts';

/** Where the shipped policies stand. */
export const SHIPPED_POLICIES_FILE = fileURLToPath(new URL('shipped-policies.yml', import.meta.url));

/** What no policy of one's own can be without. */
const OWN_KEYS = ['match', 'action'];

/** A policy as it is written, before it is checked. */
export type RawPolicy = Readonly<Record<string, unknown>>;

/** A policy, and which entry of which list it came from: problems are reported there. */
export interface PolicyOrigin {
  readonly value: unknown;
  /** The index in steward.yml's own list; undefined where the policy is only a shipped one. */
  readonly ownIndex: number | undefined;
}

/** Reads the policies that ship with Steward. */
export async function readShippedPolicies(): Promise<readonly RawPolicy[]> {
  return load(await readFile(SHIPPED_POLICIES_FILE, 'utf8')) as RawPolicy[];
}

/**
 * Merges the operator's policies over the shipped ones of the same name, key by key. The operator's list stands first, as it
 * is written, since the first policy that matches an alert is the one that answers it; the shipped ones that it does not
 * name follow. What is no policy at all is passed on as it is, for the schema to refuse.
 */
export function mergePolicies(shipped: readonly RawPolicy[], own: readonly unknown[]): PolicyOrigin[] {
  const ownNames = own.map(policyName);
  const merged = own.map((value, ownIndex) => {
    const base = shipped.find(({ name }) => name === ownNames[ownIndex]);
    return { value: base === undefined ? value : { ...base, ...(value as RawPolicy) }, ownIndex };
  });
  const unchanged = shipped.filter(({ name }) => !ownNames.includes(name));
  return [...merged, ...unchanged.map((value) => ({ value, ownIndex: undefined }))];
}

/** Finds policies that look like a change to a shipped one of which none has the name. */
export function strayChangeProblems(
  shipped: readonly RawPolicy[],
  origins: readonly PolicyOrigin[],
): PathProblem[] {
  const names = shipped.map(({ name }) => name);
  return origins.flatMap(({ value }, index) => {
    const name = policyName(value);
    if (name === undefined || names.includes(name)) return [];
    if (OWN_KEYS.some((key) => Object.hasOwn(value as RawPolicy, key))) return [];
    const expected = `a shipped policy to change: ${names.join(', ')}; or one of your own, with ${OWN_KEYS.join(', ')}`;
    return [{ path: ['policies', index, 'name'], expected }];
  });
}

/** The name of a policy as it is written, whatever that is; undefined where it has none. */
export function policyName(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
}
