import type { Journal } from './journal.ts';
import { LeaseLostError, type Lease } from './lease.ts';

/** A journal that knows nothing of what several processes have to agree on. */
export type UnsharedJournal = Omit<Journal, 'takeLease' | 'abandonedRuns'>;

/**
 * Gives a journal that one process has for itself what several would have to agree on, as far as that process has use for it: leases that last until they
 * are given back.
 */
export function forOneProcess(journal: UnsharedJournal): Journal {
  const held = new Map<string, number>();
  let last = 0;
  const check = (runId: string, token: number | undefined): void => {
    if (token !== undefined && held.get(runId) !== token) throw new LeaseLostError(runId);
  };
  return {
    ...journal,
    async append(runId, events, change, token) {
      check(runId, token);
      return journal.append(runId, events, change);
    },
    async closeAndOpenNext(runId, events, change, at, token) {
      check(runId, token);
      return journal.closeAndOpenNext(runId, events, change, at);
    },
    async claimStart(runId, events, plan, actedAtMs, token) {
      check(runId, token);
      return journal.claimStart(runId, events, plan, actedAtMs);
    },
    async reclaim(runId, events, claim, atMs, token) {
      check(runId, token);
      return journal.reclaim(runId, events, claim, atMs);
    },
    takeLease(runId): Promise<Lease | undefined> {
      if (held.has(runId)) return Promise.resolve(undefined);
      last += 1;
      const token = last;
      held.set(runId, token);
      const isHeld = (): boolean => held.get(runId) === token;
      const release = (): Promise<void> => {
        if (isHeld()) held.delete(runId);
        return Promise.resolve();
      };
      return Promise.resolve({ token, isHeld, signal: new AbortController().signal, release });
    },
    abandonedRuns: () => Promise.resolve([]),
  };
}
