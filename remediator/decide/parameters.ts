import { logsOf } from '../../inventory/logs.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { CustomParameter } from '../../inventory/schema/action.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { fitsSlotPattern } from '../../inventory/slot-pattern.ts';
import { SLOT_PATTERN } from '../../inventory/schema/values.ts';
import type { Action, ClosedSet, ParameterType } from '../actions/action.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Target } from './target.ts';

/**
 * Gives each parameter of the action its value, from the policy or from a label, and holds it against the closed set. Undefined
 * where one is missing or not in its set: an empty value is never "all".
 */
export function resolveParameters(
  sources: Policy['with'],
  action: Action,
  labels: Alert['labels'],
  target: Target,
  inventory: Inventory,
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [name, type] of Object.entries(action.parameters)) {
    const value = 'saidOf' in type ? inventory.bots[target.id]?.service : given(sources[name], labels);
    if (value === undefined || !isAllowed(type, value, target, inventory)) return undefined;
    values[name] = value;
  }
  return values;
}

function given(source: Policy['with'][string] | undefined, labels: Alert['labels']): string | undefined {
  return typeof source === 'object' ? labelOf(labels, source.label) : source?.toString();
}

function isAllowed(type: ParameterType, value: string, target: Target, inventory: Inventory): boolean {
  if ('saidOf' in type) return SLOT_PATTERN.test(value);
  if ('memberOf' in type) return SLOT_PATTERN.test(value) && mayBeIn(type.memberOf, value, target, inventory);
  return fitsParameter(type.fits, value);
}

/** Whether a value is one that a parameter without a closed set may have. */
export function fitsParameter({ enum: choices, pattern, int }: CustomParameter, value: string): boolean {
  if (!SLOT_PATTERN.test(value)) return false;
  if (choices !== undefined) return Object.hasOwn(choices, value);
  if (int !== undefined)
    return /^(?:0|[1-9]\d{0,8})$/.test(value) && Number(value) >= int.min && Number(value) <= int.max;
  return pattern !== undefined && fitsSlotPattern(pattern, value);
}

/** What such a value must look like, for people. */
export function formOf({ enum: choices, pattern, int }: CustomParameter): string {
  if (choices !== undefined) return `one of ${Object.keys(choices).join(', ')}`;
  if (int !== undefined) return `a whole number from ${int.min} to ${int.max}`;
  return `a word like ${pattern ?? ''}`;
}

/** Which plugins a site has only its host knows; the verb there refuses what is none. Here it must be a word that can be sent. */
function mayBeIn(set: ClosedSet, value: string, { id, host }: Target, { hosts, sites }: Inventory): boolean {
  if (set === 'plugins-of-site') return true;
  const members = set === 'services-of-host' ? hosts[host]?.services : logsOf(sites[id] ?? {});
  return members?.some(({ name }) => name === value) ?? false;
}

function labelOf(labels: Alert['labels'], name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
