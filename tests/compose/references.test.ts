import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { loadInventory } from '../../inventory/load.ts';
import { resolveStack, root, type Stack } from './compose.ts';

let stack: Stack;

beforeAll(async () => {
  ({ stack } = await resolveStack());
});

const configurations = [
  { service: 'prometheus', file: 'prometheus/prometheus.yml' },
  { service: 'prometheus', file: 'prometheus/prometheus-scale.yml' },
  { service: 'prometheus', file: 'prometheus/client.yml' },
  { service: 'alertmanager', file: 'alertmanager/alertmanager.yml' },
  { service: 'alertmanager', file: 'alertmanager/alertmanager-0.25.yml' },
  { service: 'alertmanager', file: 'alertmanager/client.yml' },
  { service: 'grafana', file: 'grafana/provisioning/datasources/prometheus.yml' },
  { service: 'grafana', file: 'grafana/provisioning/dashboards/steward.yml' },
];
const ports: Readonly<Record<string, number>> = {
  exporter: 9840,
  remediator: 9841,
  prometheus: 9090,
  alertmanager: 9093,
};

test.each(configurations)('every address in $file is a service and its port', ({ file }) => {
  const addresses = text(file).matchAll(/\b([a-z]+):(\d{4})\b/g);
  for (const [, name = '', port] of addresses) {
    expect(Object.keys(stack.services)).toContain(name);
    expect(Number(port)).toBe(ports[name]);
  }
});

test.each(configurations)('every secret in $file is mounted into $service', ({ service, file }) => {
  const { secrets = [], volumes = [] } = stack.services[service] ?? {};
  const mounted = [...secrets, ...volumes].map(({ target }) => target);
  for (const [secret] of text(file).matchAll(/\/run\/secrets\/\w+/g)) expect(mounted).toContain(secret);
});

test('every path that a command or a healthcheck names is mounted there', () => {
  for (const { command, healthcheck, environment = {}, ...service } of Object.values(stack.services)) {
    const words = [...(command ?? []), ...(healthcheck?.test ?? []), ...Object.values(environment)];
    const targets = [...(service.secrets ?? []), ...(service.volumes ?? [])].map(({ target }) => target);
    for (const word of words) {
      const [file] = /(?<==|^)\/[\w./-]+$/.exec(word) ?? [];
      if (file !== undefined)
        expect(targets.some((target) => `${file}/`.startsWith(`${target}/`))).toBe(true);
    }
  }
});

test('Grafana finds the dashboards where its provider looks, its home among them', () => {
  const mount = stack.services['grafana']?.volumes?.find(({ source }) =>
    source.endsWith('grafana/dashboards'),
  );
  expect(text('grafana/provisioning/dashboards/steward.yml')).toContain(`path: ${mount?.target ?? ''}\n`);
  const home = stack.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
  expect(path.dirname(home)).toBe(mount?.target);
  expect(readdirSync(path.join(root, 'grafana/dashboards'))).toContain(path.basename(home));
});

test('Grafana takes its steps from the interval at which Prometheus reads', () => {
  const [, interval] = /scrape_interval: (\w+)/.exec(text('prometheus/prometheus.yml')) ?? [];
  expect(text('grafana/provisioning/datasources/prometheus.yml')).toContain(
    `timeInterval: ${interval ?? ''}\n`,
  );
});

test('steward.example.yml leads to the services, and to secrets and data that are mounted', async () => {
  const loaded = await loadInventory(path.join(root, 'steward.example.yml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { exporter, remediator, prometheus, alertmanager, hosts } = loaded.inventory;
  expect([exporter.listen, remediator.listen]).toEqual(['0.0.0.0:9840', '0.0.0.0:9841']);
  expect([exporter.url, prometheus.url, alertmanager.url]).toEqual([
    'http://exporter:9840',
    'http://prometheus:9090',
    'http://alertmanager:9093',
  ]);
  const expected = {
    exporter: [exporter.password_file, exporter.state_dir, hosts['web1']?.read_key_file],
    remediator: [
      ...[remediator, exporter, prometheus, alertmanager].map(({ password_file }) => password_file),
      remediator.webhook_token_file,
      remediator.journal,
      hosts['web1']?.act_key_file,
    ],
  };
  for (const [name, files] of Object.entries(expected)) {
    const { secrets = [], volumes = [] } = stack.services[name] ?? {};
    const targets = [...secrets, ...volumes].map(({ target }) => target);
    for (const file of files) {
      expect(targets.some((target) => `/etc/steward/${file ?? ''}/`.startsWith(`${target}/`))).toBe(true);
    }
  }
});

test('.env.example names every variable of docker-compose.yml with its default, and no other', () => {
  const used = [...text('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]+)\}/g)].map(
    ([, name, value]) => `${name ?? ''}=${value ?? ''}`,
  );
  const offered = text('.env.example')
    .split('\n')
    .filter((line) => /^\w/.test(line));
  expect(offered.sort()).toEqual([...new Set(used)].sort());
});

function text(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
