import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { basicAuthorization } from '../../inventory/authorization.ts';
import { Secret } from '../../inventory/secret.ts';
import { inventorySchema } from '../../inventory/schema/inventory.ts';
import { load } from 'js-yaml';
import { dashboardFiles, queries } from '../grafana/dashboard-files.ts';
import { PASSWORD, startVictoriaMetrics, USER, type VictoriaMetrics } from '../helpers/victoria-metrics.ts';
import { alertRules, recordingRules } from './rule-files.ts';

let folder: TempFolder;
let store: VictoriaMetrics;

beforeAll(async () => {
  folder = await createTempFolder('steward-store');
  store = await startVictoriaMetrics(folder.path);
});
afterAll(async () => {
  await store.stop();
  await folder.remove();
});

/** What the store says against a query, or nothing. */
async function complaintAbout(query: string): Promise<string[]> {
  const response = await fetch(`${store.url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: basicAuthorization(USER, new Secret(PASSWORD)) },
    body: new URLSearchParams({ query }),
  });
  const text = await response.text();
  return response.ok ? [] : [`${query}: ${text}`];
}

async function complaints(all: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const query of all) found.push(...(await complaintAbout(query)));
  return found;
}

test('VictoriaMetrics complains about what is no query', async () => {
  expect(await complaints(['sum(', 'no_such_function(up)'])).toHaveLength(2);
});

test('it takes every alerting and recording rule', async () => {
  expect(alertRules.length).toBeGreaterThan(50);
  expect(await complaints([...alertRules, ...recordingRules].map(({ expr }) => expr))).toEqual([]);
});

test('it takes every guard and proof of the shipped policies', async () => {
  const file = new URL('../../inventory/policies/shipped-policies.yml', import.meta.url);
  const { policies } = inventorySchema
    .pick({ policies: true })
    .parse({ policies: load(readFileSync(file, 'utf8')) });
  const asked = policies.flatMap(({ guard, verify }) => [
    ...guard,
    ...(verify.query === undefined ? [] : [verify.query]),
  ]);
  expect(asked.length).toBeGreaterThan(10);
  expect(await complaints(asked.map((query) => query.replaceAll('$target', 'blog')))).toEqual([]);
});

test.each(dashboardFiles)('it takes every query of $file', async (dashboard) => {
  expect(await complaints(queries(dashboard).map(({ expr }) => expr))).toEqual([]);
});
