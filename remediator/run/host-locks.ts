import { createSlots } from '../slots.ts';

/** Lets one run at a time work on a host, in the order in which they came, and only so many on all hosts together. */
export interface HostLocks {
  /** Whether who comes for the host now has to wait: somebody works there, or as many as may are at work. */
  isBusy(host: string): boolean;
  /** Waits until the host is free and there is a place, works, and frees both again, also where the work rejects. */
  hold<Result>(host: string, work: () => Promise<Result>): Promise<Result>;
}

/** Makes the locks of one process, with how many runs may work at once. The claim in the journal keeps other processes away. */
export function createHostLocks(atOnce: () => number): HostLocks {
  const last = new Map<string, Promise<undefined>>();
  const slots = createSlots(atOnce);
  return {
    isBusy: (host) => last.has(host) || slots.isFull(),
    async hold(host, work) {
      const before = last.get(host);
      const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
      last.set(host, released);
      try {
        // The host first: who waits for one keeps nobody from another, and who has a place waits for nothing.
        await before;
        return await slots.take(work);
      } finally {
        if (last.get(host) === released) last.delete(host);
        release(undefined);
      }
    },
  };
}
