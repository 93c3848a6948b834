import type { Collector } from '../../exporter/collector.ts';
import type { Sample } from '../../exporter/metrics/metric.ts';
import { reportSamples, scrape, type ScrapeOptions } from '../../exporter/scrape/scrape.ts';

/** What a scrape with these collectors shows, with success and duration of each. */
export async function scrapeSamples<Target>(
  collectors: readonly Collector<Target>[],
  target: Target,
  options: ScrapeOptions,
): Promise<Sample[]> {
  const runs = await scrape(collectors, target, options);
  return [...runs].flatMap(([name, { samples, report }]) => [...samples, ...reportSamples(name, report)]);
}
