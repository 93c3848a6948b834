import { abortable } from './abortable.ts';

/** Lets so many in at once; others wait, first come, first served. */
export interface Turns {
  /** Waits for a turn. Rejects with the code `aborted` where the signal aborts before that. */
  take(signal?: AbortSignal): Promise<void>;
  /** Gives a turn back, to the next in line. */
  giveBack(): void;
}

/** Makes the line of one connection. */
export function createTurns(count: number): Turns {
  let taken = 0;
  const waiting: (() => void)[] = [];

  function giveBack(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  return {
    giveBack,
    async take(signal) {
      if (taken < count) {
        taken += 1;
        return;
      }
      const turn = Promise.withResolvers<undefined>();
      const grant = () => turn.resolve(undefined);
      waiting.push(grant);
      try {
        await abortable(turn.promise, signal);
      } catch (error) {
        const place = waiting.indexOf(grant);
        // Where the turn came in the same moment as the abort, the next in line gets it.
        if (place === -1) giveBack();
        else waiting.splice(place, 1);
        throw error;
      }
    },
  };
}
