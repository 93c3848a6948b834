import type { Policy } from '../../inventory/schema/policy.ts';
import type { Plan } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { hasSameParameters, isFailure } from './past-actions.ts';

/** That the same was done too lately, too often, or failed too often, and until when that counts. */
interface TooOften {
  readonly reason: 'breaker_open' | 'cooldown' | 'limit';
  readonly detail: string;
}

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
): TooOften | undefined {
  const mine = history.filter(
    ({ plan: past }) =>
      past.policy === plan.policy &&
      past.action === plan.action &&
      actsOnSame(past) &&
      hasSameParameters(past, plan),
  );
  const heldBy = (
    reason: TooOften['reason'],
    past: readonly PastAction[],
    { runs, windowMs }: Policy['limit'],
  ): TooOften | undefined => {
    const startsMs = past.map(({ atMs }) => atMs).filter((atMs) => nowMs - atMs < windowMs);
    // It holds until so many are left that one more may be done.
    const dueMs = startsMs.toSorted((one, other) => other - one)[runs - 1];
    return dueMs === undefined
      ? undefined
      : { reason, detail: `until ${new Date(dueMs + windowMs).toISOString()}` };
  };
  return (
    heldBy('breaker_open', mine.filter(isFailure), breaker) ??
    heldBy('cooldown', mine, { runs: 1, windowMs: cooldown }) ??
    heldBy('limit', mine, limit)
  );
}

/** How far back a policy's actions count, for what is asked here, in milliseconds. */
export function longestWindowMs({ breaker, cooldown, limit }: Policy): number {
  return Math.max(breaker.windowMs, cooldown, limit.windowMs);
}
