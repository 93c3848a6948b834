import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { resolveStack, root } from '../compose/compose.ts';
import { alertRules } from '../rules/rule-files.ts';
import { dashboardFiles } from './dashboard-files.ts';

const provisioning = path.join(root, 'grafana/provisioning');

interface DataSources {
  readonly apiVersion: number;
  readonly datasources: readonly {
    readonly uid: string;
    readonly type: string;
    readonly isDefault: boolean;
  }[];
}

interface Providers {
  readonly apiVersion: number;
  readonly providers: readonly { readonly name: string; readonly type: string }[];
}

function read(file: string): unknown {
  return load(readFileSync(path.join(provisioning, file), 'utf8'));
}

test('only folders and files that Grafana reads are there', () => {
  // grafana.com/docs/grafana/latest/administration/provisioning: those below them are read where they end so.
  const known = ['access-control', 'alerting', 'dashboards', 'datasources', 'plugins'];
  const folders = readdirSync(provisioning);
  expect(folders.filter((name) => !known.includes(name))).toEqual([]);
  for (const folder of folders) {
    for (const file of readdirSync(path.join(provisioning, folder))) expect(file).toMatch(/\.ya?ml$/);
  }
});

test('there is one data source, the default, of the kind that the dashboards let one choose', () => {
  const { apiVersion, datasources } = read('datasources/prometheus.yml') as DataSources;
  expect(apiVersion).toBe(1);
  expect(datasources).toMatchObject([{ uid: 'steward-prometheus', isDefault: true }]);
  for (const { templating } of dashboardFiles) {
    const kinds = templating.list.filter(({ type }) => type === 'datasource').map(({ query }) => query);
    expect(kinds).toEqual(datasources.map(({ type }) => type));
  }
});

test('there is one provider of dashboards, which reads files', () => {
  const { apiVersion, providers } = read('dashboards/steward.yml') as Providers;
  expect(apiVersion).toBe(1);
  expect(providers).toMatchObject([{ name: 'steward', type: 'file' }]);
});

test('Grafana gets the folder, and the links of alerts and dashboards lead to published ports', async () => {
  const { stack } = await resolveStack();
  const { grafana, remediator } = stack.services;
  expect(grafana?.volumes).toContainEqual(
    expect.objectContaining({ source: provisioning, target: '/etc/grafana/provisioning' }),
  );
  const published = [grafana, remediator].map((service) => {
    const [port] = service?.ports ?? [];
    return `http://${port?.host_ip ?? ''}:${port?.published ?? ''}`;
  });
  const links = alertRules.map(({ annotations }) =>
    [annotations['dashboard_url'], annotations['runbook_url']].map((url) => new URL(url ?? '').origin),
  );
  for (const origins of links) expect(origins).toEqual(published);
  const outside = dashboardFiles.flatMap((file) => file.links).filter(({ url }) => url.startsWith('http'));
  expect(new Set(outside.map(({ url }) => new URL(url).origin))).toEqual(new Set([published[1]]));
});
