/** Lets so many work at once; the others wait in the order in which they came. */
export interface Slots {
  /** Whether who comes now has to wait. */
  isFull(): boolean;
  /** Waits for a slot, works, and gives it back, also where the work rejects. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes them. How many there are is asked each time, so that a reload counts. */
export function createSlots(count: () => number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function letIn(): void {
    while (taken < count()) {
      const next = waiting.shift();
      if (next === undefined) return;
      taken += 1;
      next();
    }
  }

  return {
    isFull: () => waiting.length > 0 || taken >= count(),
    async take(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        letIn();
      });
      try {
        return await work();
      } finally {
        taken -= 1;
        letIn();
      }
    },
  };
}
