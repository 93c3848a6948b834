import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Alert } from '../alert.ts';
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
  kind: 'site' | 'host',
): Target | { readonly reason: Reason } {
  const id = Object.hasOwn(labels, 'instance') ? labels['instance'] : undefined;
  if (id === undefined || id === '') return { reason: 'empty_target' };
  const site = Object.hasOwn(inventory.sites, id) ? inventory.sites[id] : undefined;
  const isHost = Object.hasOwn(inventory.hosts, id);
  if (kind === 'site' && site !== undefined) return { id, host: site.host };
  if (kind === 'host' && isHost) return { id, host: id };
  const isOther =
    site !== undefined || isHost || Object.hasOwn(inventory.bots, id) || Object.hasOwn(inventory.jobs, id);
  return { reason: isOther ? 'wrong_kind_of_target' : 'unknown_target' };
}
