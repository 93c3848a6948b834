import { nextDueMs } from '../../inventory/cron.ts';
import type { Freeze } from '../../inventory/schema/freeze.ts';

/** The freezes that are for a policy. */
export function freezesOf(freezes: readonly Freeze[], policy: string): readonly Freeze[] {
  return freezes.filter(({ policies }) => policies === undefined || policies.includes(policy));
}

/** The first freeze that the clock alone puts on, or undefined. Those by PromQL are asked with the guards. */
export function freezeByClock(freezes: readonly Freeze[], nowMs: number): Freeze | undefined {
  return freezes.find(({ from, to, cron, for: lastsMs, timezone }) => {
    if (from !== undefined && to !== undefined) return from <= nowMs && nowMs < to;
    if (cron === undefined || lastsMs === undefined) return false;
    const dueMs = nextDueMs(cron, timezone ?? 'UTC', nowMs - lastsMs);
    return dueMs !== undefined && dueMs <= nowMs;
  });
}
