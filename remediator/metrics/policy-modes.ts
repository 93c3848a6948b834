import { parseMatcher } from '../../inventory/promql/matcher.ts';
import type { Policy } from '../../inventory/schema/policy.ts';

/** How far a policy may go by itself with alerts of a name. */
export interface PolicyMode {
  readonly policy: string;
  /** The name of the alert. */
  readonly alert: string;
  readonly mode: string;
}

/** Names of alerts as a matcher lists them: one, or several as a regular expression. */
const NAMES = /^\w+(?:\|\w+)*$/;

/** The mode of each policy for each alert that it names. A policy that names none, as one for a severity does, is left out. */
export function policyModes(policies: readonly Pick<Policy, 'name' | 'match' | 'mode'>[]): PolicyMode[] {
  return policies.flatMap(({ name, match, mode }) =>
    match.flatMap(alertNames).map((alert) => ({ policy: name, alert, mode })),
  );
}

function alertNames(text: string): readonly string[] {
  const { label, operator, value } = parseMatcher(text);
  const isList = label === 'alertname' && !operator.startsWith('!') && NAMES.test(value);
  return isList ? value.split('|') : [];
}
