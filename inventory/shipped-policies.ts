import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';

/** Where the shipped policies stand. */
export const SHIPPED_POLICIES_FILE = fileURLToPath(new URL('shipped-policies.yml', import.meta.url));

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
 * Merges the operator's policies over the shipped ones of the same name, key by key. The operator's own come after the
 * shipped ones, in their order. What is not a mapping is passed on as it is, for the schema to refuse.
 */
export function mergePolicies(shipped: readonly RawPolicy[], own: readonly unknown[]): PolicyOrigin[] {
  const indexes = new Map(own.map((value, index) => [nameOf(value), index]));
  const merged = shipped.map((policy) => {
    const ownIndex = indexes.get(nameOf(policy));
    const changes = ownIndex === undefined ? {} : (own[ownIndex] as RawPolicy);
    return { value: { ...policy, ...changes }, ownIndex };
  });
  const used = new Set(merged.map(({ ownIndex }) => ownIndex));
  const others = own.map((value, ownIndex) => ({ value, ownIndex }));
  return [...merged, ...others.filter(({ ownIndex }) => !used.has(ownIndex))];
}

function nameOf(value: unknown): unknown {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  // A policy without a name is never merged with another.
  return name ?? value;
}
