import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { documentExporter, type MetricSection } from '../exporter/metrics/document-metrics.ts';
import type { DescribedMetric } from '../remediator/metrics/described-metric.ts';
import { documentRemediator } from '../remediator/metrics/document-metrics.ts';

/** Writes the documentation of all metrics of Steward, from what its parts say of them. */
function metricsDocument(): string {
  return [
    '# Metrics',
    '',
    'Generated from the collectors and the remediator; `npm run generate` writes it. Each target of the exporter also carries the labels `job`',
    '(its module), `instance` (its id) and `host` (the id of the host that it stands on, where it has one).',
    '',
    ...documentExporter().flatMap(section),
    ...section({
      heading: '## The remediator',
      text: 'Served by its `/metrics`, with the label `job="remediator"`.',
      metrics: documentRemediator(),
    }),
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

type Section = Omit<MetricSection, 'metrics'> & { readonly metrics: readonly DescribedMetric[] };

function section({ heading, text, metrics }: Section): string[] {
  return [
    heading,
    '',
    ...(text === undefined ? [] : [text, '']),
    ...(metrics.length === 0 ? [] : table(metrics)),
  ];
}

function table(metrics: readonly DescribedMetric[]): string[] {
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

process.exitCode = await main();
