import type { Plan } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';

/** With these nothing was done: they say nothing about the action. */
const NOTHING_DONE: ReadonlySet<PastAction['reason']> = new Set([
  'not_started',
  'configuration_broken',
  'trades_open',
  'bot_unreachable',
  'bot_not_trading',
  'held_back',
  'alert_resolved',
  'denied',
]);

/** Whether an action was claimed, and nothing was done by it, or what it had begun was put back. */
export function hasDoneNothing({ reason }: Pick<PastAction, 'reason'>): boolean {
  return NOTHING_DONE.has(reason);
}

/** Whether an action went wrong. */
export function isFailure({ outcome, reason }: PastAction): boolean {
  return (outcome === 'failed' || outcome === 'rolled_back') && !hasDoneNothing({ reason });
}

/** Whether both have the same values for the same parameters. */
export function hasSameParameters({ parameters: one }: Plan, { parameters: other }: Plan): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
