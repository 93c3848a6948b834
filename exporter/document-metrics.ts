import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Collector } from './collector.ts';
import { createCollectors } from './collectors.ts';
import { seriesDropped } from './drop-counts.ts';
import { collectorErrors } from './error-counts.ts';
import type { MetricDescriptor } from './metric.ts';
import { collectorDuration, collectorSuccess } from './scrape.ts';
import { selfMetrics } from './self-metrics.ts';
import { collectorDataInterval, collectorDataTimestamp, dataTimestamp } from './target-readings.ts';

/** Writes the documentation of the exporter's metrics, from what the collectors themselves say of them. */
export function metricsDocument(): string {
  const collectors = createCollectors({
    osInfo: () => Promise.reject(new Error('nothing is measured here')),
    stateFolder: () => '',
    wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
    vulnerabilitiesUrl: () => undefined,
  });
  return [
    '# Metrics',
    '',
    'Generated from the collectors; `npm run generate` writes it. Each target also carries the labels `job` (its module), `instance` (its id)',
    'and `host` (the id of the host that it stands on, where it has one).',
    '',
    '## The exporter itself',
    '',
    ...table([...selfMetrics, collectorErrors, seriesDropped]),
    '## Every scrape',
    '',
    ...table([
      collectorSuccess,
      collectorDuration,
      collectorDataTimestamp,
      collectorDataInterval,
      dataTimestamp,
    ]),
    ...module(
      'host',
      '`/metrics` for the machine of the exporter, `/probe?module=host` for others',
      collectors.host,
    ),
    ...(['site', 'bot', 'job'] as const).flatMap((name) =>
      module(name, `\`/probe?module=${name}\``, collectors[name]),
    ),
    ...notMeasured,
  ].join('\n');
}

/** What operators look for and do not find, and why. */
const notMeasured: readonly string[] = [
  '## What is not measured, and why',
  '',
  '- Hits and misses of the object cache: they are counters of the PHP process that serves a page, and a process of our own has its own.',
  '- The single tests of Site Health: WordPress keeps their sum, `wordpress_site_health_issues`, and runs them in the browser of who looks.',
  '- The time of a page by plugin: that takes a plugin in WordPress.',
  '- Services of a host that `steward.yml` does not name, and containers as such: `services` asks for those that matter.',
  '- What a trading bot does not tell: [trading-bots.md](trading-bots.md).',
  '- What a file system hides: whoever changes a file can put back its size and time; see [integrity.md](integrity.md).',
  '',
];

function module(
  name: string,
  where: string,
  collectors: readonly Pick<Collector<never>, 'name' | 'metrics'>[],
): string[] {
  const sections = collectors.flatMap((collector) => [
    `### ${collector.name}`,
    '',
    ...table(collector.metrics),
  ]);
  return [`## Module ${name}`, '', `Served by ${where}.`, '', ...sections];
}

function table(metrics: readonly MetricDescriptor[]): string[] {
  const rows = metrics.map(({ name, kind, labels, help }) => {
    const names = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${kind} | ${names} | ${help.replaceAll('|', '\\|')} |`;
  });
  return ['| metric | kind | labels | what it is |', '| --- | --- | --- | --- |', ...rows, ''];
}

async function main(): Promise<number> {
  const file = fileURLToPath(new URL('../docs/metrics.md', import.meta.url));
  const generated = metricsDocument();
  if (!process.argv.includes('--check')) {
    await writeFile(file, generated);
    return 0;
  }
  if ((await readFile(file, 'utf8')) === generated) return 0;
  process.stderr.write(`${file} is out of date: run npm run generate\n`);
  return 1;
}

if (import.meta.main) process.exitCode = await main();
