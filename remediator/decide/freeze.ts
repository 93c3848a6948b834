import { nextDueMs } from '../../inventory/cron.ts';
import type { Freeze } from '../../inventory/schema/freeze.ts';

/** The freezes that are for a policy. */
export function freezesOf(freezes: readonly Freeze[], policy: string): readonly Freeze[] {
  return freezes.filter(({ policies }) => policies === undefined || policies.includes(policy));
}

/** The first freeze that the clock alone puts on, and until when, for people; or undefined. Those by PromQL are asked with the guards. */
export function freezeByClock(freezes: readonly Freeze[], nowMs: number): string | undefined {
  for (const freeze of freezes) {
    const endMs = endOf(freeze, nowMs);
    if (endMs !== undefined) return `${freeze.name}, until ${new Date(endMs).toISOString()}`;
  }
  return undefined;
}

/** When a freeze ends that is on by the clock. */
function endOf({ from, to, cron, for: lastsMs, timezone }: Freeze, nowMs: number): number | undefined {
  if (from !== undefined && to !== undefined) return from <= nowMs && nowMs < to ? to : undefined;
  if (cron === undefined || lastsMs === undefined) return undefined;
  const dueMs = nextDueMs(cron, timezone ?? 'UTC', nowMs - lastsMs);
  return dueMs !== undefined && dueMs <= nowMs ? dueMs + lastsMs : undefined;
}
