/** What is done again and again, and when. */
export interface Repetition {
  readonly run: () => Promise<void>;
  /** When it is first done, in milliseconds from now; at once where it is 0. */
  readonly firstAfterMs: number;
  readonly intervalMs: number;
  /** Hears of each time that failed. */
  readonly onError: (error: unknown) => void;
  /** From 0 to 1; spreads what is done for many targets. */
  readonly random?: (() => number) | undefined;
}

/** It is done up to this share of the interval earlier or later. */
const JITTER = 0.1;

/**
 * What failed is tried again after this time, and then after twice as long each time: a host that was down for a moment is not left unread for
 * long, and one that stays down is not asked for what costs it much.
 */
const RETRY_MS = 10_000;

/** Does something at an interval, counted from one end to the next start, until the function that it returns is called. */
export function repeat({
  run,
  firstAfterMs,
  intervalMs,
  onError,
  random = Math.random,
}: Repetition): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let failures = 0;

  function schedule(afterMs: number): void {
    if (isStopped) return;
    timer = setTimeout(tick, afterMs);
    timer.unref();
  }

  function tick(): void {
    const spread = 1 + JITTER * (2 * random() - 1);
    run().then(
      () => {
        failures = 0;
        schedule(intervalMs * spread);
      },
      (error: unknown) => {
        onError(error);
        schedule(Math.min(intervalMs, RETRY_MS * 2 ** failures) * spread);
        failures += 1;
      },
    );
  }

  if (firstAfterMs === 0) tick();
  else schedule(firstAfterMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
