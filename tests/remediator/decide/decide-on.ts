import { actions } from '../../../remediator/actions.ts';
import { decide, type Decision, type DecisionInput } from '../../../remediator/decide/decide.ts';
import type { PastAction } from '../../../remediator/store/journal.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';

export const MINUTE = 60_000;
/** When the tests decide. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** What the policy of the test's site leads to. */
export const forSite = { policy: 'fix', action: 'wordpress.fix-permissions', target: 'blog', host: 'web1' };

/** Decides about an alert with these labels, on the test's inventory and an empty past. */
export function decideOn(labels: Record<string, string>, change: Partial<DecisionInput> = {}): Decision {
  const inventory = makeInventory();
  return decide({ alert: makeAlert(labels), inventory, actions, history: [], nowMs: NOW, ...change });
}

/** An action of the past. */
export function acted(minutesAgo: number, change: Partial<PastAction> = {}): PastAction {
  return { policy: 'fix', target: 'blog', parameters: {}, atMs: NOW - minutesAgo * MINUTE, ...change };
}
