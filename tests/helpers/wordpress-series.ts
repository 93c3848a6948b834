import { wordpress } from '../../exporter/collectors/wordpress/wordpress.ts';
import type { Sample } from '../../exporter/metrics/metric.ts';
import { siteSchema } from '../../inventory/schema/site.ts';
import type { ProbedWordPress } from './probed-wordpress.ts';
import { collectAll } from './collect.ts';

/** The values of the series of a metric, by the values of its labels. */
type Series = Readonly<Record<string, number>>;

/** Asks a real site by the collector. */
export function readSamples({ site, host }: ProbedWordPress): Promise<readonly Sample[]> {
  const entry = siteSchema.parse({
    host: 'web1',
    url: `${site.url}/`,
    path: site.path,
    owner: 'www-data',
  });
  return collectAll(wordpress, { id: 'blog', entry, host });
}

/** Asks a real site by the collector, and returns the series of these metrics. */
export async function readSeries(
  probed: ProbedWordPress,
  ...names: string[]
): Promise<Record<string, Series>> {
  const found: Record<string, Record<string, number>> = Object.fromEntries(names.map((name) => [name, {}]));
  for (const { metric, labels, value } of await readSamples(probed)) {
    const series = found[metric.name];
    if (series !== undefined) series[Object.values(labels).join(' ')] = value;
  }
  return found;
}
