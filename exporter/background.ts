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
  /** Reads again, beginning after this call, and waits for it. Rejects as the reading does; the last good one stays. */
  refresh(): Promise<void>;
  /** Ends the schedule; a reading that is under way is aborted. */
  stop(): void;
}

/** How a reading is scheduled. */
export interface BackgroundOptions<Value> {
  readonly read: (signal: AbortSignal) => Promise<Value>;
  readonly intervalMs: number;
  /** What was read before, where something was: it counts until the first reading. */
  readonly initial?: BackgroundResult<Value> | undefined;
  /** Hears of each scheduled reading that failed. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  /** From 0 to 1; spreads the readings of many targets. */
  readonly random?: () => number;
}

/** Readings begin up to this share of the interval earlier or later. */
const JITTER = 0.1;

/** A reading that failed is tried again after this time: a host that was down for a moment is not left unread for long. */
const RETRY_MS = 60_000;

/** Starts reading at once, and then at the interval. */
export function startBackgroundReading<Value>(options: BackgroundOptions<Value>): BackgroundReading<Value> {
  const { now = Date.now, random = Math.random } = options;
  const abort = new AbortController();
  let latest = options.initial;
  let underWay: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<void> {
    const readAtMs = now();
    latest = { value: await options.read(abort.signal), readAtMs };
  }

  function start(): Promise<void> {
    underWay = read().finally(() => {
      underWay = undefined;
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

  function schedule(afterMs: number): void {
    if (abort.signal.aborted) return;
    const spread = 1 + JITTER * (2 * random() - 1);
    timer = setTimeout(tick, afterMs * spread);
    timer.unref();
  }

  function tick(): void {
    refresh().then(
      () => schedule(options.intervalMs),
      (error: unknown) => {
        if (!abort.signal.aborted) options.onError(error);
        schedule(Math.min(options.intervalMs, RETRY_MS));
      },
    );
  }

  tick();
  return {
    latest: () => latest,
    refresh,
    stop() {
      abort.abort();
      clearTimeout(timer);
    },
  };
}
