import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { resolveStack, root, type Stack } from './compose.ts';

let stack: Stack;

beforeAll(async () => {
  ({ stack } = await resolveStack());
});

const configurations = [
  { service: 'prometheus', file: 'prometheus/prometheus.yml' },
  { service: 'prometheus', file: 'prometheus/client.yml' },
  { service: 'alertmanager', file: 'alertmanager/alertmanager.yml' },
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
  const mounted = (stack.services[service]?.secrets ?? []).map(({ target }) => target);
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

test('.env.example names every variable of docker-compose.yml with its default, and no other', () => {
  const used = [...text('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]+)\}/g)].map(
    ([, name, value]) => `${name ?? ''}=${value ?? ''}`,
  );
  const offered = text('.env.example')
    .split('\n')
    .filter((line) => /^\w/.test(line));
  expect(offered.sort()).toEqual(used.sort());
});

function text(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
