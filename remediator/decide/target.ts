import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Action } from '../actions/action.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Reason } from '../run/run.ts';

/** The entry that an alert is about, and the host it stands on. */
export interface Target {
  readonly id: string;
  readonly host: string;
}

/**
 * Looks the alert's `instance` up by equality. An empty or missing label, one that is no entry, and an entry of another kind than the action
 * is for each give a reason and no target.
 */
export function resolveTarget(
  labels: Alert['labels'],
  inventory: Inventory,
  kind: Action['target'],
): Target | { readonly reason: Reason } {
  const id = entryOf(labels, 'instance');
  if (id === undefined || id === '') return { reason: 'empty_target' };
  const site = entryOf(inventory.sites, id);
  const bot = entryOf(inventory.bots, id);
  const isHost = Object.hasOwn(inventory.hosts, id);
  if (kind === 'site' && site !== undefined) return { id, host: site.host };
  if (kind === 'host' && isHost) return { id, host: id };
  if (kind === 'bot' && bot !== undefined)
    return bot.kind === 'freqtrade' ? { id, host: bot.host } : { reason: 'bot_of_other_kind' };
  const isOther = site !== undefined || bot !== undefined || isHost || Object.hasOwn(inventory.jobs, id);
  return { reason: isOther ? 'wrong_kind_of_target' : 'unknown_target' };
}

function entryOf<Entry>(entries: Readonly<Record<string, Entry>>, key: string): Entry | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
