import { startBackgroundReading, type BackgroundReading, type BackgroundResult } from './background.ts';
import { NoDataError, type BackgroundPart, type Collector } from './collector.ts';
import { gauge, sample, type Sample } from './metric.ts';

/** When data that was read in the background was read. A verification on such a metric must see this newer than its action. */
export const dataTimestamp = gauge(
  'steward_data_timestamp_seconds',
  'When the data of a metric that is read in the background was read, in seconds since the epoch; 0 before the first time.',
  ['metric'],
);

/** What one target's collectors last read in the background. */
export type BackgroundResults = ReadonlyMap<string, BackgroundResult<readonly Sample[]>>;

/** All that is read of one target in the background. */
export interface TargetReadings {
  /** What each collector last read, and how old it is. */
  samples(only: readonly string[]): Sample[];
  /** What is read, by the name of its collector. */
  readonly byCollector: ReadonlyMap<string, BackgroundReading<readonly Sample[]>>;
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
  /** Hears of each scheduled reading that failed. */
  readonly onError: (collector: string, error: unknown) => void;
}

/** Starts to read everything of a target that is read in the background. */
export function startTargetReadings<Target>(options: TargetReadingsOptions<Target>): TargetReadings {
  const parts = options.collectors.flatMap(({ name, background }) =>
    background === undefined ? [] : [{ name, part: background, reading: start(name, background, options) }],
  );
  return {
    samples: (only) =>
      parts
        .filter(({ name }) => only.includes(name))
        .flatMap(({ part, reading }) => samplesOf(part, reading.latest())),
    byCollector: new Map(parts.map(({ name, reading }) => [name, reading])),
    results: () =>
      new Map(
        parts.flatMap(({ name, reading }) => {
          const latest = reading.latest();
          return latest === undefined ? [] : [[name, latest] as const];
        }),
      ),
    stop() {
      for (const { reading } of parts) reading.stop();
    },
  };
}

function start<Target>(
  name: string,
  { intervalMs, read }: BackgroundPart<Target>,
  { target, initial, onError }: TargetReadingsOptions<Target>,
): BackgroundReading<readonly Sample[]> {
  return startBackgroundReading({
    intervalMs,
    initial: initial?.get(name),
    read: (signal) => read(target(), signal).catch(nothingToMeasure),
    onError: (error) => onError(name, error),
  });
}

function nothingToMeasure(error: unknown): readonly Sample[] {
  if (error instanceof NoDataError) return [];
  throw error;
}

function samplesOf(
  { metrics }: BackgroundPart<never>,
  latest: BackgroundResult<readonly Sample[]> | undefined,
): Sample[] {
  const readAtSeconds = (latest?.readAtMs ?? 0) / 1000;
  return [
    ...(latest?.value ?? []),
    ...metrics.map(({ name }) => sample(dataTimestamp, readAtSeconds, { metric: name })),
  ];
}
