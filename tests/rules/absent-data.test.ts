import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createCollectors } from '../../exporter/collectors.ts';
import { seriesNames } from '../../exporter/metrics/metric.ts';
import { parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { alertRules, recordingRules } from './rule-files.ts';

const { host, site, bot, job } = createCollectors({
  osInfo: () => Promise.reject(new Error('nothing is measured here')),
  stateFolder: () => '',
  wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
  vulnerabilitiesUrl: () => undefined,
});
const collectors = [...host, ...site, ...bot, ...job];
const background = new Set(
  collectors.flatMap((collector) => (collector.background?.metrics ?? []).flatMap(seriesNames)),
);
const scraped = new Set(collectors.flatMap(({ metrics }) => metrics.flatMap(seriesNames)));

/** What a metric comes from, as docs/alerts/README.md names it, and the alerts that tell when it does not come any more. */
const sources: readonly { from: string; has: (metric: string) => boolean; told: readonly string[] }[] = [
  { from: 'Read in the background', has: (metric) => background.has(metric), told: ['DataOld'] },
  {
    from: 'Read at each scrape',
    has: (metric) => scraped.has(metric),
    told: ['CollectorFailing', 'TargetNotRead', 'ExporterDown'],
  },
  {
    from: 'The exporter itself',
    has: (metric) => metric === 'up' || /^steward_(?!remediator_)/.test(metric),
    told: ['ExporterDown', 'TargetNotRead'],
  },
  {
    from: 'The remediator',
    has: (metric) => metric.startsWith('steward_remediator_'),
    told: ['RemediatorDown', 'JournalDown'],
  },
  {
    from: 'Prometheus and Alertmanager',
    has: (metric) => /^(prometheus|alertmanager)_/.test(metric),
    told: ['Watchdog'],
  },
];

/** The metrics of a query, with those in the place of recorded ones that these are made of. */
function metricsOf(expr: string, seen: readonly string[] = []): string[] {
  return vectorSelectors(parsePromql(expr)).flatMap(({ metric = '' }) => {
    const recorded = recordingRules.filter(({ record }) => record === metric);
    if (seen.includes(metric)) return [];
    return recorded.length === 0
      ? [metric]
      : recorded.flatMap((rule) => metricsOf(rule.expr, [...seen, metric]));
  });
}

const toAct = alertRules.filter(({ labels }) => labels['severity'] !== 'none');

test.each(toAct)('where the data of $alert stops coming, another alert tells so', ({ alert, expr }) => {
  const metrics = metricsOf(expr);
  expect(metrics).not.toEqual([]);
  for (const metric of metrics) {
    const told = sources.find(({ has }) => has(metric))?.told ?? [];
    expect([alert, metric, told.length > 0]).toEqual([alert, metric, true]);
  }
});

test('docs/alerts/README.md names the sources, and for each the alerts, which exist', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/alerts/README.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([A-Z][\w ]+?) +\| (\[.*?\)) +\|.*\|$/gm)].map(
    ([, from, told = '']) => ({
      from,
      told: [...told.matchAll(/\[(\w+)\]/g)].map(([, name]) => name),
    }),
  );
  expect(rows).toEqual(sources.map(({ from, told }) => ({ from, told })));
  const names = alertRules.map(({ alert }) => alert);
  expect(sources.flatMap(({ told }) => told).filter((name) => !names.includes(name))).toEqual([]);
});
