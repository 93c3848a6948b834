import type { HostEntry } from '../../inventory/schema/host.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { SLOT_PATTERN } from '../../inventory/schema/values.ts';
import type { Action, ParameterType } from '../actions/action.ts';
import type { Alert } from '../alert.ts';

/**
 * Gives each parameter of the action its value, from the policy or from a label, and holds it against the closed set. Undefined
 * where one is missing or not in its set: an empty value is never "all".
 */
export function resolveParameters(
  sources: Policy['with'],
  action: Action,
  labels: Alert['labels'],
  host: HostEntry | undefined,
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [name, { memberOf }] of Object.entries(action.parameters)) {
    const source = sources[name];
    const value = typeof source === 'object' ? labelOf(labels, source.label) : source?.toString();
    if (value === undefined || !mayBeIn(memberOf, value, host)) return undefined;
    values[name] = value;
  }
  return values;
}

/** Which plugins a site has only its host knows; the verb there refuses what is none. Here it must be a word that can be sent. */
function mayBeIn(set: ParameterType['memberOf'], value: string, host: HostEntry | undefined): boolean {
  if (set === 'plugins-of-site') return SLOT_PATTERN.test(value);
  return host?.services.some(({ name }) => name === value) ?? false;
}

function labelOf(labels: Alert['labels'], name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
