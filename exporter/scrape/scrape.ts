import { CollectorError, type CollectorErrorReason } from '../collector-error.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { failureOf } from '../failure.ts';
import { checkValues } from '../metrics/check-values.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { ScrapeReport } from './probe.ts';

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

/** What a collector did in a scrape, and what it gave. */
export interface CollectorRun {
  readonly report: ScrapeReport;
  readonly samples: readonly Sample[];
}

/**
 * Runs what collectors do in a scrape on a target, all at once, and returns what became of each, by its name. A
 * collector that throws, or has not answered in its time, costs its own samples and nothing else. Never rejects.
 */
export async function scrape<Target>(
  collectors: readonly Collector<Target>[],
  target: Target,
  options: ScrapeOptions,
): Promise<ReadonlyMap<string, CollectorRun>> {
  const runs = collectors.flatMap(({ name, collect }) =>
    collect === undefined
      ? []
      : [runCollector(name, collect, target, options).then((run) => [name, run] as const)],
  );
  return new Map(await Promise.all(runs));
}

/** Success and duration of a collector. */
export function reportSamples(collector: string, { seconds, failure }: ScrapeReport): Sample[] {
  return [
    sample(collectorSuccess, failure === undefined ? 1 : 0, { collector }),
    sample(collectorDuration, seconds, { collector }),
  ];
}

async function runCollector<Target>(
  collector: string,
  collect: Collect<Target>,
  target: Target,
  options: ScrapeOptions,
): Promise<CollectorRun> {
  const start = performance.now();
  const { samples, error } = await attempt(collect, target, options.timeoutMs);
  const failure = error === undefined ? undefined : failureOf(error);
  if (failure !== undefined) options.onError(collector, failure.reason, error);
  return { samples, report: { seconds: (performance.now() - start) / 1000, failure } };
}

/** What a failed collector measured all the same. */
function samplesWith(error: unknown): readonly Sample[] {
  return error instanceof CollectorError ? error.samples : [];
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
    checkValues(samples);
    return { samples };
  } catch (error) {
    return error instanceof NoDataError
      ? { samples: [] }
      : { samples: samplesWith(error), error: error ?? new Error('no reason') };
  } finally {
    clearTimeout(timer);
  }
}
