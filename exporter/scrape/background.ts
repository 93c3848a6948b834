import { repeat } from './repeat.ts';

/** What a background reading last gave. */
export interface BackgroundResult<Value> {
  readonly value: Value;
  /** When the reading began, in milliseconds since the epoch. */
  readonly readAtMs: number;
}

/** Something that takes long to read, and so is read again and again beside the scrapes. */
export interface BackgroundReading<Value> {
  /** The last reading that succeeded; undefined before the first. */
  latest(): BackgroundResult<Value> | undefined;
  /** Whether a reading has ended yet, well or not, or one of before counts. */
  wasTried(): boolean;
  /** Reads again, beginning after this call, and waits for it. Rejects as the reading does; the last good one stays. */
  refresh(): Promise<void>;
  /** Ends the schedule; a reading that is under way is aborted. */
  stop(): void;
}

/** How a reading is scheduled. */
export interface BackgroundOptions<Value> {
  readonly read: (signal: AbortSignal) => Promise<Value>;
  readonly intervalMs: number;
  /** What was read before, where something was: it counts until the first reading, which is when it would have been read again. */
  readonly initial?: BackgroundResult<Value> | undefined;
  /** The first reading of many targets begins one after the other, this long after the start; at once where it is 0. */
  readonly firstAfterMs?: number;
  /** Hears of each scheduled reading that failed. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  /** From 0 to 1; spreads the readings of many targets. */
  readonly random?: () => number;
}

/** Starts to read, and then reads at the interval. */
export function startBackgroundReading<Value>(options: BackgroundOptions<Value>): BackgroundReading<Value> {
  const { now = Date.now } = options;
  const abort = new AbortController();
  let latest = options.initial;
  let wasTried = latest !== undefined;
  let underWay: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  async function read(): Promise<void> {
    const readAtMs = now();
    latest = { value: await options.read(abort.signal), readAtMs };
  }

  function start(): Promise<void> {
    underWay = read().finally(() => {
      underWay = undefined;
      wasTried = true;
    });
    return underWay;
  }

  /** A reading that is under way may have looked before the call, so the next one is waited for; callers share it. */
  function refresh(): Promise<void> {
    if (underWay === undefined) return start();
    queued ??= underWay
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return start();
      });
    return queued;
  }

  const stopRepeating = repeat({
    firstAfterMs: waitingTime(options, now),
    intervalMs: options.intervalMs,
    random: options.random,
    run: refresh,
    onError(error) {
      if (!abort.signal.aborted) options.onError(error);
    },
  });
  return {
    latest: () => latest,
    wasTried: () => wasTried,
    refresh,
    stop() {
      abort.abort();
      stopRepeating();
    },
  };
}

/** How long to wait with the first reading. A clock that was set back does not put it off. */
function waitingTime<Value>(
  { initial, firstAfterMs = 0, intervalMs }: BackgroundOptions<Value>,
  now: () => number,
): number {
  if (initial === undefined) return firstAfterMs;
  return Math.min(Math.max(initial.readAtMs + intervalMs - now(), firstAfterMs), intervalMs);
}
