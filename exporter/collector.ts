import type { MetricDescriptor, Sample } from './metrics/metric.ts';

/**
 * Reads one subject of one target: in each scrape, in the background, or both. Adding one: a file in collectors/, and a line in
 * collectors.ts.
 */
export interface Collector<Target> {
  /** The same everywhere: file, list, `collect[]`, the `collector` label and the heading in the documentation. */
  readonly name: string;
  /** Every metric that it can return, from the background too. */
  readonly metrics: readonly MetricDescriptor[];
  /**
   * Returns what was measured. Throws where that was not possible, NoDataError where there is nothing to measure.
   * It stops its work when the signal aborts; what it returns after that is dropped.
   */
  readonly collect?: (target: Target, signal: AbortSignal) => Promise<readonly Sample[]>;
  readonly background?: BackgroundPart<Target>;
}

/** What takes too long for a scrape, or costs the host too much: it is read beside the scrapes, and each scrape shows the last. */
export interface BackgroundPart<Target> {
  /** How often it is read, in milliseconds. */
  readonly intervalMs: number;
  /** The metrics that come from here; `steward_data_timestamp_seconds` says of each how old it is. */
  readonly metrics: readonly MetricDescriptor[];
  /** Reads. Throws where that was not possible: what was read before then stays, and grows old. */
  readonly read: (target: Target, signal: AbortSignal) => Promise<readonly Sample[]>;
}

/** There is nothing to measure, and that is no fault. */
export class NoDataError extends Error {
  override readonly name = 'NoDataError';
}
