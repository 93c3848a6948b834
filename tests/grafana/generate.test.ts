import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dashboards } from '../../grafana/src/dashboards.ts';
import { generateDashboards } from '../../grafana/src/generate.ts';
import { dashboardsFolder } from './dashboard-files.ts';

test('the committed dashboards are as generated, and nothing else is there', async () => {
  expect(await generateDashboards(dashboardsFolder, true)).toEqual([]);
  expect(await readdir(dashboardsFolder)).toEqual(Object.keys(dashboards).map((name) => `${name}.json`));
});

test('a second generation changes nothing, and a changed file is noticed but left by a check', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'steward-dashboards-'));
  try {
    expect(await generateDashboards(folder, false)).toEqual(Object.keys(dashboards));
    expect(await generateDashboards(folder, false)).toEqual([]);
    await writeFile(path.join(folder, 'command-center.json'), '{}');
    expect(await generateDashboards(folder, true)).toEqual(['command-center']);
    expect(await generateDashboards(folder, true)).toEqual(['command-center']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
