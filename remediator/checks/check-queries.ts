import { durationMilliseconds, formatDuration } from '../../inventory/duration.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { MatcherError, parseMatcher } from '../../inventory/promql/matcher.ts';
import { negateRule } from '../../inventory/promql/negated-rule.ts';
import type { PathProblem } from '../../inventory/path-problem.ts';
import type { Problem } from '../../inventory/problem.ts';
import { substituteVariables, variablesOf } from '../../inventory/promql/promql.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { messageOf } from '../message-of.ts';
import { prometheusAddress } from '../prometheus/prometheus-address.ts';
import {
  createPrometheusClient,
  type AlertingRule,
  type ReadingPrometheus,
} from '../prometheus/prometheus-client.ts';

/** What Prometheus said of the queries of steward.yml, or why it could not be asked. */
export type QueryCheck = { readonly problems: readonly Problem[] } | { readonly notAsked: string };

/** The start of a service does not wait longer for it. */
const PATIENCE_MS = 3000;

/**
 * Has Prometheus read the queries of a steward.yml, since its grammar is stricter than the parser that reads them first, and looks whether the rules that it
 * has loaded give a proof to the policies that have none of their own. It may be just starting, or out of reach: nothing is said of them then.
 */
export async function checkQueries(loaded: LoadedInventory): Promise<QueryCheck> {
  const prometheus = createPrometheusClient(
    () => prometheusAddress(loaded),
    undefined,
    AbortSignal.timeout(PATIENCE_MS),
  );
  try {
    const found = await queryProblems(loaded.inventory, prometheus);
    return { problems: loaded.locate(found) };
  } catch (error) {
    return { notAsked: messageOf(error) };
  }
}

/** The same, of a Prometheus that is there. Rejects where it gives no answer. */
async function queryProblems(inventory: Inventory, prometheus: ReadingPrometheus): Promise<PathProblem[]> {
  const problems: PathProblem[] = [];
  for (const { path, query } of queriesOf(inventory)) {
    const fault = await prometheus.faultOf(query);
    if (fault !== undefined) problems.push({ path, expected: `what Prometheus takes; it says: ${fault}` });
  }
  problems.push(...sampleProblems(inventory, await prometheus.scrapeIntervals()));
  const unproved = inventory.policies.flatMap((policy, index) =>
    policy.verify.query === undefined ? [{ policy, index }] : [],
  );
  if (unproved.length === 0) return problems;
  const rules = await prometheus.alertingRules();
  return [...problems, ...unproved.flatMap(({ policy, index }) => proofProblems(policy, index, rules))];
}

function queriesOf({ policies, freezes }: Inventory): { path: PropertyKey[]; query: string }[] {
  const ofPolicies = policies.flatMap(({ guard, verify }, index) => [
    ...guard.map((query, at) => ({ path: ['policies', index, 'guard', at], query: filled(query) })),
    ...(verify.query === undefined
      ? []
      : [{ path: ['policies', index, 'verify', 'query'], query: filled(verify.query) }]),
  ]);
  const ofFreezes = freezes.flatMap(({ promql }, index) =>
    promql === undefined ? [] : [{ path: ['freezes', index, 'promql'], query: promql }],
  );
  return [...ofPolicies, ...ofFreezes];
}

/**
 * A proof wants fresh samples, and each comes with a scrape: in too short a time it can never be had. Which targets it reads is not known, so that those that are
 * scraped most often count.
 */
function sampleProblems({ policies }: Inventory, scrapeIntervals: readonly string[]): PathProblem[] {
  const known = scrapeIntervals.map(durationMilliseconds).filter((ms) => ms !== undefined);
  if (known.length === 0) return [];
  const scrapeMs = Math.min(...known);
  return policies.flatMap(({ verify: { samples, within } }, index) => {
    if (within >= samples * scrapeMs) return [];
    const expected = `at least ${formatDuration(samples * scrapeMs)}: Prometheus scrapes every ${formatDuration(scrapeMs)}, and ${samples} samples are asked for`;
    return [{ path: ['policies', index, 'verify', 'within'], expected }];
  });
}

/** Variables stand for whole values, so that any value does. */
function filled(query: string): string {
  return substituteVariables(query, Object.fromEntries(variablesOf(query).map((name) => [name, 'x'])));
}

/** A rule's series are not known yet: matchers of labels that the rule does not set, or sets by a template, may match. */
function proofProblems(policy: Policy, index: number, rules: readonly AlertingRule[]): PathProblem[] {
  return rules
    .filter((rule) => mayMatch(policy, rule))
    .flatMap(({ name, query }) => {
      const negated = negateRule(query, {});
      if (!('fault' in negated)) return [];
      const expected = `a \`query\`, since the rule of ${name} ${negated.fault}, so that no proof can be made of it`;
      return [{ path: ['policies', index, 'verify'], expected }];
    });
}

function mayMatch({ match }: Policy, { name, labels }: AlertingRule): boolean {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  const known: Readonly<Record<string, string>> = { ...Object.fromEntries(fixed), alertname: name };
  return match.every((text) => {
    const matcher = matcherOf(text);
    return (
      matcher === undefined || !Object.hasOwn(known, matcher.label) || matcher.matches(known[matcher.label])
    );
  });
}

/** Undefined where it cannot be read, which is another's to say. */
function matcherOf(text: string): ReturnType<typeof parseMatcher> | undefined {
  try {
    return parseMatcher(text);
  } catch (error) {
    if (error instanceof MatcherError) return undefined;
    throw error;
  }
}
