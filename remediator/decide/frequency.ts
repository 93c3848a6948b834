import type { Policy } from '../../inventory/schema/policy.ts';
import type { Plan, Reason } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { hasSameParameters, isFailure } from './past-actions.ts';

/**
 * Says whether the same was done too lately, too often, or failed too often. Counts are by time, and never cleared by the end of an alert. Two
 * services of one host are two: the restart of one does not hold up that of the other.
 */
export function frequencyReason(
  { breaker, cooldown, limit }: Policy,
  plan: Plan,
  actsOnSame: (other: Plan) => boolean,
  history: readonly PastAction[],
  nowMs: number,
): Reason | undefined {
  const mine = history.filter(
    ({ plan: past }) =>
      past.policy === plan.policy &&
      past.action === plan.action &&
      actsOnSame(past) &&
      hasSameParameters(past, plan),
  );
  const within = (windowMs: number) => mine.filter(({ atMs }) => nowMs - atMs < windowMs);
  if (within(breaker.windowMs).filter(isFailure).length >= breaker.runs) return 'breaker_open';
  if (within(cooldown).length > 0) return 'cooldown';
  return within(limit.windowMs).length >= limit.runs ? 'limit' : undefined;
}

/** How far back a policy's actions count, for what is asked here, in milliseconds. */
export function longestWindowMs({ breaker, cooldown, limit }: Policy): number {
  return Math.max(breaker.windowMs, cooldown, limit.windowMs);
}
