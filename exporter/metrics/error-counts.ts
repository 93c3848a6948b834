import { collectorErrorReasons, type CollectorErrorReason } from '../collector-error.ts';
import { counter, sample, type Sample } from './metric.ts';

/** Counts the failures of collectors since the start of the process. */
export interface ErrorCounts {
  count(collector: string, reason: CollectorErrorReason): void;
  samples(): Sample[];
}

/** The metric of the failures. */
export const collectorErrors = counter(
  'steward_collector_errors_total',
  'Failures of collectors since the exporter started, by reason.',
  ['collector', 'reason'],
);

/** Makes the counts, zero for every collector and reason. */
export function createErrorCounts(collectors: readonly string[]): ErrorCounts {
  const counts = new Map(
    collectors.map((collector) => [collector, new Map(collectorErrorReasons.map((reason) => [reason, 0]))]),
  );
  return {
    count(collector, reason) {
      const reasons = counts.get(collector);
      reasons?.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
    samples: () =>
      [...counts].flatMap(([collector, reasons]) =>
        [...reasons].map(([reason, value]) => sample(collectorErrors, value, { collector, reason })),
      ),
  };
}
