import type { HostEntry } from '../../inventory/schema/host.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Alert } from '../alert.ts';

/**
 * Gives each parameter of the action its value, from the policy or from a label, and holds it against the closed set. Undefined
 * where one is missing or not in its set: an empty value is never "all".
 */
export function resolveParameters(
  policy: Policy,
  action: Action,
  { labels }: Alert,
  host: HostEntry | undefined,
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  const allowed = host?.services.map(({ name }) => name) ?? [];
  for (const name of Object.keys(action.parameters)) {
    const source = policy.with[name];
    const value = typeof source === 'object' ? labelOf(labels, source.label) : source?.toString();
    if (value === undefined || !allowed.includes(value)) return undefined;
    values[name] = value;
  }
  return values;
}

function labelOf(labels: Alert['labels'], name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
