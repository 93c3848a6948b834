/** Lets one run at a time work on a host, in the order in which they came. */
export interface HostLocks {
  /** Whether somebody works on the host now. */
  isHeld(host: string): boolean;
  /** Waits until the host is free, works, and frees it again, also where the work rejects. */
  hold<Result>(host: string, work: () => Promise<Result>): Promise<Result>;
}

/** Makes the locks of one process. The claim in the journal keeps other processes away. */
export function createHostLocks(): HostLocks {
  const last = new Map<string, Promise<undefined>>();
  return {
    isHeld: (host) => last.has(host),
    async hold(host, work) {
      const before = last.get(host);
      const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
      last.set(host, released);
      try {
        await before;
        return await work();
      } finally {
        if (last.get(host) === released) last.delete(host);
        release(undefined);
      }
    },
  };
}
