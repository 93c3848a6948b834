import { wordpress } from '../../exporter/collectors/wordpress/wordpress.ts';
import { siteSchema } from '../../inventory/schema/site.ts';
import type { ProbedWordPress } from './probed-wordpress.ts';

/** The values of the series of a metric, by the values of its labels. */
type Series = Readonly<Record<string, number>>;

/** Asks a real site by the collector, and returns the series of these metrics. */
export async function readSeries(
  probed: ProbedWordPress,
  ...names: string[]
): Promise<Record<string, Series>> {
  const entry = siteSchema.parse({
    host: 'web1',
    url: `${probed.site.url}/`,
    path: probed.site.path,
    owner: 'www-data',
  });
  const target = { id: 'blog', entry, host: probed.host };
  const samples = await wordpress.collect(target, new AbortController().signal);
  const found: Record<string, Record<string, number>> = Object.fromEntries(names.map((name) => [name, {}]));
  for (const { metric, labels, value } of samples) {
    const series = found[metric.name];
    if (series !== undefined) series[Object.values(labels).join(' ')] = value;
  }
  return found;
}
