import type { Collector } from '../../exporter/collector.ts';
import type { Sample } from '../../exporter/metrics/metric.ts';

/** All that a collector says of a target: in a scrape, then in the background. */
export async function collectAll<Target>(
  { collect, background }: Collector<Target>,
  target: Target,
  signal: AbortSignal = new AbortController().signal,
): Promise<Sample[]> {
  const scraped = (await collect?.(target, signal)) ?? [];
  return [...scraped, ...((await background?.read(target, signal)) ?? [])];
}
