import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Inventory } from '../inventory/schema/inventory.ts';
import { TRUST_MS } from './decide/autonomy.ts';
import { longestWindowMs } from './decide/frequency.ts';
import { MASS_FAILURE_MS } from './decide/mass-failure.ts';
import { messageOf } from './message-of.ts';
import type { Journal } from './store/journal.ts';

/** So many episodes are removed in one write: alerts that come meanwhile wait for no more than that. */
const EPISODES_AT_ONCE = 50;
/** Between two such writes the journal is left to others. */
const REST_MS = 100;
const EVERY_MS = 6 * 3_600_000;

/** How long runs are kept, in milliseconds: as steward.yml says, and never less than a decision looks back. */
export function keptForMs({ remediator, policies }: Inventory): number {
  return Math.max(remediator.keep_runs, TRUST_MS, MASS_FAILURE_MS, ...policies.map(longestWindowMs));
}

/** Removes what is older than that from the journal, a little at a time. Resolves with the number of episodes that were removed. */
export async function removeOldRuns(
  journal: Journal,
  inventory: Inventory,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  const beforeMs = nowMs - keptForMs(inventory);
  let removed = 0;
  for (;;) {
    const count = await journal.removeEpisodes(beforeMs, EPISODES_AT_ONCE);
    removed += count;
    if (count < EPISODES_AT_ONCE) return removed;
    if (!(await rested(REST_MS, signal))) return removed;
  }
}

/** Waits, and resolves with whether the signal let it do so to the end. */
function rested(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, undefined, { signal, ref: false }).then(
    () => true,
    () => false,
  );
}

/** Removes old runs now and every six hours, until the signal. A journal that fails is tried again the next time. */
export async function keepRemovingOldRuns(
  journal: Journal,
  inventory: () => Inventory,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  do {
    try {
      const episodes = await removeOldRuns(journal, inventory(), Date.now(), signal);
      if (episodes > 0) log.info({ episodes }, 'old runs were removed from the journal');
    } catch (error) {
      log.error({ error: messageOf(error) }, 'old runs could not be removed from the journal');
    }
  } while (await rested(EVERY_MS, signal));
}
