import { counter, sample, type Sample } from './metric.ts';

/** Counts the series that were left out since the start of the process. */
export interface DropCounts {
  count(collector: string, series: number): void;
  samples(): Sample[];
}

/** The metric of the series that were left out. */
export const seriesDropped = counter(
  'steward_series_dropped_total',
  'Series left out of scrapes since the exporter started: above exporter.series_limit, or there twice. Each scrape counts its own.',
  ['collector'],
);

/** Makes the counts, zero for every collector. */
export function createDropCounts(collectors: readonly string[]): DropCounts {
  const counts = new Map(collectors.map((collector) => [collector, 0]));
  return {
    count: (collector, series) => void counts.set(collector, (counts.get(collector) ?? 0) + series),
    samples: () => [...counts].map(([collector, value]) => sample(seriesDropped, value, { collector })),
  };
}
