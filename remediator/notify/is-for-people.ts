import type { Reason } from '../run/run.ts';
import type { RunNews } from '../run/run-record.ts';

/** What is over by itself, was wanted so, or is told of by another message: the page and `steward why` have it, and nobody is called for it. */
const QUIET: ReadonlySet<Reason> = new Set([
  // Alertmanager tells people of alerts that are not Steward's to heal.
  'no_policy',
  'mode_observe',
  'waits_for_policy',
  'joined',
  'host_busy',
  'cooldown',
  'alert_resolved',
]);

/** Whether people are told: what was healed, what was not, and what waits for them. */
export function isForPeople({ reason }: Pick<RunNews, 'reason'>): boolean {
  return !QUIET.has(reason);
}
