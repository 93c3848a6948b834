import { isDrill } from '../decide/drills.ts';
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

/** Whether people are told: what was healed, what was not, and what waits for them. Of drills that do not come through, DrillLate tells. */
export function isForPeople({ reason, plan }: Pick<RunNews, 'reason' | 'plan'>): boolean {
  return !QUIET.has(reason) && !isDrill(plan);
}
