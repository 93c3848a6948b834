import type { Collector } from '../collector.ts';
import { createCollectors } from '../collectors.ts';
import { seriesDropped } from './drop-counts.ts';
import { collectorErrors } from './error-counts.ts';
import type { MetricDescriptor } from './metric.ts';
import { collectorDuration, collectorSuccess } from '../scrape/scrape.ts';
import { selfMetrics } from './self-metrics.ts';
import { collectorDataInterval, collectorDataTimestamp, dataTimestamp } from '../scrape/target-readings.ts';

/** A part of the exporter's documentation: a heading in Markdown, what stands below it, and the metrics of its table. */
export interface MetricSection {
  readonly heading: string;
  readonly text?: string;
  readonly metrics: readonly MetricDescriptor[];
}

/** The exporter's metrics, from what the collectors themselves say of them. */
export function documentExporter(): MetricSection[] {
  const collectors = createCollectors({
    osInfo: () => Promise.reject(new Error('nothing is measured here')),
    stateFolder: () => '',
    wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
    vulnerabilitiesUrl: () => undefined,
  });
  const everyScrape = [
    collectorSuccess,
    collectorDuration,
    collectorDataTimestamp,
    collectorDataInterval,
    dataTimestamp,
  ];
  return [
    { heading: '## The exporter itself', metrics: [...selfMetrics, collectorErrors, seriesDropped] },
    { heading: '## Every scrape', metrics: everyScrape },
    ...module(
      'host',
      '`/metrics` for the machine of the exporter, `/probe?module=host` for others',
      collectors.host,
    ),
    ...(['site', 'bot', 'job'] as const).flatMap((name) =>
      module(name, `\`/probe?module=${name}\``, collectors[name]),
    ),
  ];
}

function module(
  name: string,
  where: string,
  collectors: readonly Pick<Collector<never>, 'name' | 'metrics'>[],
): MetricSection[] {
  return [
    { heading: `## Module ${name}`, text: `Served by ${where}.`, metrics: [] },
    ...collectors.map((collector) => ({ heading: `### ${collector.name}`, metrics: collector.metrics })),
  ];
}
