import type { HostEntry } from '../../inventory/schema/host.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { fitsSlotPattern } from '../../inventory/slot-pattern.ts';
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
  for (const [name, type] of Object.entries(action.parameters)) {
    const source = sources[name];
    const value = typeof source === 'object' ? labelOf(labels, source.label) : source?.toString();
    if (value === undefined || !isAllowed(type, value, host)) return undefined;
    values[name] = value;
  }
  return values;
}

function isAllowed(type: ParameterType, value: string, host: HostEntry | undefined): boolean {
  if ('memberOf' in type) return mayBeIn(type.memberOf, value, host);
  const { enum: choices, pattern, int } = type.fits;
  if (!SLOT_PATTERN.test(value)) return false;
  if (choices !== undefined) return Object.hasOwn(choices, value);
  if (int !== undefined)
    return /^(?:0|[1-9]\d{0,8})$/.test(value) && Number(value) >= int.min && Number(value) <= int.max;
  return pattern !== undefined && fitsSlotPattern(pattern, value);
}

/** Which plugins a site has only its host knows; the verb there refuses what is none. Here it must be a word that can be sent. */
function mayBeIn(
  set: 'services-of-host' | 'plugins-of-site',
  value: string,
  host: HostEntry | undefined,
): boolean {
  if (set === 'plugins-of-site') return SLOT_PATTERN.test(value);
  return host?.services.some(({ name }) => name === value) ?? false;
}

function labelOf(labels: Alert['labels'], name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
