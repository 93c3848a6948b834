import { CollectorError, type CollectorErrorReason } from './collector-error.ts';
import { NoDataError, type Collector } from './collector.ts';
import { gauge, sample, type Sample } from './metric.ts';

/** Whether a collector gave what it should. */
export const collectorSuccess = gauge(
  'steward_scrape_collector_success',
  'Whether the collector succeeded in this scrape, 0 or 1.',
  ['collector'],
);

/** How long a collector took. */
export const collectorDuration = gauge(
  'steward_scrape_collector_duration_seconds',
  'How long the collector took in this scrape, in seconds.',
  ['collector'],
);

type Collect<Target> = NonNullable<Collector<Target>['collect']>;

/** How long a collector may take to answer once its signal has aborted. */
const ABORT_GRACE_MS = 100;

/** How a scrape is done. */
export interface ScrapeOptions {
  /** The time each collector has, in milliseconds. */
  readonly timeoutMs: number;
  /** Hears of each failure. */
  readonly onError: (collector: string, reason: CollectorErrorReason, error: unknown) => void;
}

/**
 * Runs what collectors do in a scrape on a target, all at once, and returns their samples, with success and duration of each. A
 * collector that throws, or has not answered in its time, costs its own samples and nothing else. Never rejects.
 */
export async function scrape<Target>(
  collectors: readonly Collector<Target>[],
  target: Target,
  options: ScrapeOptions,
): Promise<Sample[]> {
  const results = await Promise.all(
    collectors.flatMap(({ name, collect }) =>
      collect === undefined ? [] : [runCollector(name, collect, target, options)],
    ),
  );
  return results.flat();
}

async function runCollector<Target>(
  collector: string,
  collect: Collect<Target>,
  target: Target,
  options: ScrapeOptions,
): Promise<Sample[]> {
  const start = performance.now();
  const result = await attempt(collect, target, options.timeoutMs);
  if (result.error !== undefined) options.onError(collector, reasonOf(result.error), result.error);
  const labels = { collector };
  return [
    ...result.samples,
    sample(collectorSuccess, result.error === undefined ? 1 : 0, labels),
    sample(collectorDuration, (performance.now() - start) / 1000, labels),
  ];
}

interface Attempt {
  readonly samples: readonly Sample[];
  readonly error?: unknown;
}

async function attempt<Target>(
  collect: Collect<Target>,
  target: Target,
  timeoutMs: number,
): Promise<Attempt> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new CollectorError('timeout', `no result within ${timeoutMs} ms`);
      abort.abort(error);
      // One that ends its work at the signal can still say what it found: a page that hangs is down.
      timer = setTimeout(() => reject(error), ABORT_GRACE_MS);
    }, timeoutMs);
  });
  try {
    // The collector is called in a promise, so that one that throws at once is caught as well.
    const collected = Promise.resolve().then(() => collect(target, abort.signal));
    const samples = await Promise.race([collected, late]);
    samples.forEach(checkValue);
    return { samples };
  } catch (error) {
    return error instanceof NoDataError
      ? { samples: [] }
      : { samples: [], error: error ?? new Error('no reason') };
  } finally {
    clearTimeout(timer);
  }
}

/** A value that cannot be published would cost the whole scrape when it is written. */
function checkValue({ metric, value }: Sample): void {
  const isPossible = metric.kind === 'counter' ? Number.isFinite(value) && value >= 0 : !Number.isNaN(value);
  if (!isPossible) throw new CollectorError('bad_answer', `${metric.name} cannot be ${value}`);
}

function reasonOf(error: unknown): CollectorErrorReason {
  return error instanceof CollectorError ? error.reason : 'internal';
}
