import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { forOwnStack } from '../../cli/own-stack.ts';
import { moduleNames } from '../../exporter/modules.ts';
import { withJobPrefix, type TargetGroup } from '../../exporter/targets/targets.ts';
import { nodes, parsePromql } from '../../inventory/promql/promql.ts';
import { inventorySchema } from '../../inventory/schema/inventory.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { dashboardFiles, dashboardsFolder } from '../grafana/dashboard-files.ts';
import { startPrometheusOn } from '../helpers/prometheus.ts';
import { alertRules, recordingRules, ruleFiles, rulesFolder } from '../rules/rule-files.ts';

const page = await readFile(path.join(import.meta.dirname, '../../docs/your-own-stack.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const rules = [...alertRules, ...recordingRules];
let exporter: Server;
let address: string;

beforeAll(async () => {
  exporter = createServer(({ url, headers }, response) => {
    if (url === '/targets') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([target(headers.host ?? '')]));
    } else if (url === '/prefixed/targets') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(withJobPrefix([target(headers.host ?? '')], 'steward-')));
    } else {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(url === '/probe?module=site&target=blog' ? 'probe_success 0\n' : 'other 1\n');
    }
  }).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  address = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
});

afterAll(() => {
  exporter.closeAllConnections();
  exporter.close();
});

function target(host: string): TargetGroup {
  return {
    targets: [host],
    labels: {
      ...{ job: 'site', instance: 'blog', host: 'web1' },
      ...{ __metrics_path__: '/probe', __param_module: 'site', __param_target: 'blog' },
    },
  };
}

const whole = blocks.filter((text) => text.includes('rule_files'));

test('the page shows two ways to name the targets', () => {
  expect(whole).toHaveLength(2);
});

test.each(whole.map((text, index) => ({ way: index + 1, text })))(
  'way $way: a Prometheus with nothing but the rules and these lines loads all of them, and tells of a site that is down',
  async ({ text }) => {
    await using folder = await createTempFolder('steward-own-stack');
    await cp(rulesFolder, path.join(folder.path, 'steward'), { recursive: true });
    const fast = 'global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }\n';
    const prometheus = await startPrometheusOn(folder.path, fast + text.replaceAll('exporter:9840', address));
    try {
      const { data } = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string }[] }[] };
      };
      const loaded = data.groups.flatMap((group) => group.rules.map(({ name }) => name));
      expect(loaded.sort()).toEqual(rules.map((rule) => ('alert' in rule ? rule.alert : rule.record)).sort());
      await prometheus.untilTrue(
        'ALERTS{alertname="SiteDown", alertstate="firing", job="site", instance="blog", host="web1"}',
      );
    } finally {
      await prometheus.stop();
    }
  },
);

test('with a prefix, rules that were written for it tell of a site whose job has it', async () => {
  await using folder = await createTempFolder('steward-own-stack');
  const ofOperator = forOwnStack(inventorySchema.parse({ exporter: { job_prefix: 'steward-' } }));
  await mkdir(path.join(folder.path, 'steward'));
  for (const file of ruleFiles) {
    const text = await readFile(path.join(rulesFolder, file), 'utf8');
    await writeFile(path.join(folder.path, 'steward', file), ofOperator(text));
  }
  const prometheus = await startPrometheusOn(
    folder.path,
    `global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }
rule_files: [steward/*.yml]
scrape_configs:
  - job_name: any
    http_sd_configs: [{ url: http://${address}/prefixed/targets }]
`,
  );
  try {
    const firing = 'ALERTS{alertname="SiteDown", alertstate="firing", job="steward-site", instance="blog"}';
    await expect(prometheus.untilTrue(firing)).resolves.toBeUndefined();
  } finally {
    await prometheus.stop();
  }
});

test('the other block is one that Prometheus would take as YAML, for the job that rules and dashboards know', () => {
  const [other = ''] = blocks.filter((text) => /^scrape_configs/.test(text));
  expect(load(other)).toMatchObject({ scrape_configs: [{ job_name: 'exporter' }] });
});

test('rules name no other jobs than the page does', () => {
  const kinds = ['exporter', ...moduleNames];
  for (const kind of [...kinds, 'remediator']) expect(page).toContain(`\`${kind}\``);
  for (const { expr } of rules) {
    const parsed = parsePromql(expr);
    for (const matcher of nodes(parsed.tree, 'UnquotedLabelMatcher')) {
      const [, jobs] = /^job=~?"(.*)"$/.exec(expr.slice(matcher.from, matcher.to)) ?? [];
      for (const job of jobs?.split('|') ?? []) expect([...kinds, 'remediator']).toContain(job);
    }
  }
});

test('what other exporters have, too, is asked for by job', () => {
  for (const { expr } of rules) {
    for (const selector of nodes(parsePromql(expr).tree, 'VectorSelector')) {
      const text = expr.slice(selector.from, selector.to);
      if (/^(up\b|probe_(success|duration_seconds|ssl_)|mysql_|phpfpm_)/.test(text))
        expect(text).toMatch(/job=~?"/);
    }
  }
});

test('dashboards name no data source but the one that is chosen, and the notes of Grafana itself', () => {
  for (const { file } of dashboardFiles) {
    const found: unknown[] = [];
    JSON.parse(readFileSync(path.join(dashboardsFolder, file), 'utf8'), (key, value: unknown) => {
      if (key === 'datasource') found.push((value as { uid?: string }).uid);
      return value;
    });
    expect(found.length).toBeGreaterThan(10);
    expect(new Set(found)).toEqual(new Set(['-- Grafana --', '${datasource}']));
  }
});

test('the page says of each file of rules what it needs', () => {
  const listed = [...page.matchAll(/^\| `(\w+\.yml)` +\|/gm)].map(([, name]) => name);
  expect(listed).toEqual(ruleFiles);
});

test("it lists every severity that alerts have, and whose alone it is where it is one alert's", () => {
  const [, list = ''] =
    /^Alerts have `severity`: (.*?)\. `alertmanager/s.exec(
      page.split('## Alertmanager\n')[1]?.trim() ?? '',
    ) ?? [];
  const named = [...list.matchAll(/`(\w+)`(?: \((\w+) alone)?/g)].map(([, severity, alone]) => [
    severity,
    alone,
  ]);
  const bySeverity = Map.groupBy(alertRules, ({ labels }) => labels['severity']);
  const expected = [...bySeverity].map(([severity, all]) => [
    severity,
    all.length === 1 ? all[0]?.alert : undefined,
  ]);
  expect(named.toSorted()).toEqual(expected.toSorted());
});
