import { startBackgroundReading, type BackgroundReading, type BackgroundResult } from './background.ts';
import { checkValues } from '../metrics/check-values.ts';
import { NoDataError, type BackgroundPart, type Collector } from '../collector.ts';
import { failureOf, type Failure } from '../failure.ts';
import { gauge, sample, seriesNames, type Sample } from '../metrics/metric.ts';
import type { BackgroundReport } from './probe.ts';

/** When data that was read in the background was read. A verification on such a metric must see this newer than its action. */
export const dataTimestamp = gauge(
  'steward_data_timestamp_seconds',
  'When the data of a metric that is read in the background was read, in seconds since the epoch; 0 before the first time.',
  ['metric'],
);

/** The same of all that a collector reads in the background, and how often that is: together they say what is too old. */
export const collectorDataTimestamp = gauge(
  'steward_collector_data_timestamp_seconds',
  'When what the collector reads in the background was read, in seconds since the epoch; 0 before the first time.',
  ['collector'],
);
/** See collectorDataTimestamp. */
export const collectorDataInterval = gauge(
  'steward_collector_data_interval_seconds',
  'How often the collector reads in the background, in seconds.',
  ['collector'],
);

/** What one target's collectors last read in the background. */
export type BackgroundResults = ReadonlyMap<string, BackgroundResult<readonly Sample[]>>;

/** What a scrape shows of what one collector reads in the background. */
export interface ShownReading {
  readonly report: BackgroundReport;
  /** What was last read. */
  readonly samples: readonly Sample[];
  /** How old it is, for the collector and for each of its metrics, and how often it is read. */
  readonly timestamps: readonly Sample[];
}

/** All that is read of one target in the background. */
export interface TargetReadings {
  /** What a collector last read; undefined where it reads nothing in the background. */
  shown(collector: string): ShownReading | undefined;
  /** What is read, by the name of its collector. */
  readonly byCollector: ReadonlyMap<string, BackgroundReading<readonly Sample[]>>;
  /** So many of them have not been tried yet. */
  untried(): number;
  /** What was read so far, for whoever goes on with it. */
  results(): BackgroundResults;
  stop(): void;
}

/** How a target is read. */
export interface TargetReadingsOptions<Target> {
  readonly collectors: readonly Collector<Target>[];
  /** Makes the target anew for each reading. */
  readonly target: () => Target;
  /** What was read before, and still counts. */
  readonly initial?: BackgroundResults | undefined;
  /** When to begin with what is read at such an interval, in milliseconds from now. */
  readonly firstAfterMs?: (intervalMs: number) => number;
  /** Hears of each scheduled reading that failed. */
  readonly onError: (collector: string, error: unknown) => void;
}

/** Starts to read everything of a target that is read in the background. */
export function startTargetReadings<Target>(options: TargetReadingsOptions<Target>): TargetReadings {
  const readings = new Map(
    options.collectors.flatMap(({ name, background }) =>
      background === undefined ? [] : [[name, startReading(name, background, options)] as const],
    ),
  );
  return {
    shown: (collector) => readings.get(collector)?.shown(),
    byCollector: new Map([...readings].map(([name, { reading }]) => [name, reading])),
    untried: () => [...readings.values()].filter(({ reading }) => !reading.wasTried()).length,
    results: () =>
      new Map(
        [...readings].flatMap(([name, { reading }]) => {
          const latest = reading.latest();
          return latest === undefined ? [] : [[name, latest] as const];
        }),
      ),
    stop() {
      for (const { reading } of readings.values()) reading.stop();
    },
  };
}

interface CollectorReading {
  readonly reading: BackgroundReading<readonly Sample[]>;
  readonly shown: () => ShownReading;
}

function startReading<Target>(
  name: string,
  part: BackgroundPart<Target>,
  { target, initial, firstAfterMs, onError }: TargetReadingsOptions<Target>,
): CollectorReading {
  let failure: Failure | undefined;
  const reading = startBackgroundReading({
    intervalMs: part.intervalMs,
    initial: initial?.get(name),
    firstAfterMs: firstAfterMs?.(part.intervalMs) ?? 0,
    async read(signal) {
      try {
        const samples = await samplesOf(part, target(), signal);
        failure = undefined;
        return samples;
      } catch (error) {
        failure = failureOf(error);
        throw error;
      }
    },
    onError: (error) => onError(name, error),
  });
  return { reading, shown: () => shownReading(name, part, reading.latest(), failure) };
}

async function samplesOf<Target>(
  { read }: BackgroundPart<Target>,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  try {
    const samples = await read(target, signal);
    checkValues(samples);
    return samples;
  } catch (error) {
    if (error instanceof NoDataError) return [];
    throw error;
  }
}

function shownReading(
  collector: string,
  { metrics, intervalMs }: BackgroundPart<never>,
  latest: BackgroundResult<readonly Sample[]> | undefined,
  failure: Failure | undefined,
): ShownReading {
  const readAtSeconds = (latest?.readAtMs ?? 0) / 1000;
  return {
    report: { readAtMs: latest?.readAtMs, failure },
    samples: latest?.value ?? [],
    timestamps: [
      sample(collectorDataTimestamp, readAtSeconds, { collector }),
      sample(collectorDataInterval, intervalMs / 1000, { collector }),
      ...metrics.flatMap(seriesNames).map((name) => sample(dataTimestamp, readAtSeconds, { metric: name })),
    ],
  };
}
