import type { MetricDescriptor, Sample } from './metric.ts';

/** Reads one subject of one target. Adding one: a file in collectors/, and a line in collectors.ts. */
export interface Collector<Target> {
  /** The same everywhere: file, list, `collect[]`, the `collector` label and the heading in the documentation. */
  readonly name: string;
  /** Every metric that it can return. */
  readonly metrics: readonly MetricDescriptor[];
  /**
   * Returns what was measured. Throws where that was not possible, NoDataError where there is nothing to measure.
   * It stops its work when the signal aborts; what it returns after that is dropped.
   */
  collect(target: Target, signal: AbortSignal): Promise<readonly Sample[]>;
}

/** There is nothing to measure, and that is no fault. */
export class NoDataError extends Error {
  override readonly name = 'NoDataError';
}
