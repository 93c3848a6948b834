import type { Sample } from '../../exporter/metrics/metric.ts';

/** Writes each sample on a line: its name, the values of its labels, and its value. */
export function brief(samples: readonly Sample[]): string[] {
  return samples.map(({ metric, labels, value }) => [metric.name, ...Object.values(labels), value].join(' '));
}
