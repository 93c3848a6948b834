import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { alertRules } from '../rules/rule-files.ts';
import { dashboardFiles, queries, queryCount, shownPanels } from './dashboard-files.ts';

describe.each(dashboardFiles)('$file', (dashboard) => {
  const panels = shownPanels(dashboard);

  test('has a different id for each panel, a different refId for each query of a panel', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { targets = [] } of panels) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  test.each(panels)('$title says what it shows, and what stands there without data', (panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig?.defaults.noValue).toBeTruthy();
    expect(panel.targets?.every(({ legendFormat }) => legendFormat !== '')).toBe(true);
  });

  test('asks at most 40 queries, its annotations and variables among them', () => {
    expect(queryCount(dashboard)).toBeLessThanOrEqual(40);
  });

  test('fits a phone: legends below, no panel higher than its screen, five links at the top at the most', () => {
    for (const { options, gridPos } of panels) {
      expect(options?.legend?.placement ?? 'bottom').toBe('bottom');
      expect(gridPos.h).toBeLessThanOrEqual(12);
    }
    const atTop = dashboard.links.filter((link) => !('placement' in link));
    expect(atTop.length).toBeLessThanOrEqual(5);
  });

  test('has no two panels on the same place, and none beyond the edge', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect({ title, twice: taken.has(`${x},${y}`) }).toEqual({ title, twice: false });
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  test.each(queries(dashboard))('the query of $panel is PromQL: $expr', ({ expr }) => {
    const errors: string[] = [];
    parser.parse(expr).iterate({
      enter: ({ type, from, to }) => {
        if (type.isError) errors.push(expr.slice(from, to));
      },
    });
    expect(errors).toEqual([]);
  });

  test.each(promtools)('its queries are taken by Prometheus $generation itself', async ({ program }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'steward-queries-'));
    const file = path.join(folder, 'queries.yml');
    const rules = queries(dashboard).map(({ expr }, index) => ({ record: `query:${index}`, expr }));
    await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    try {
      expect(await runPromtool(program, ['check', 'rules', file])).toContain(`${rules.length} rules found`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('no two dashboards share an address', () => {
  expect(new Set(dashboardFiles.map(({ uid }) => uid)).size).toBe(dashboardFiles.length);
});

test('each alert links to a dashboard that exists, with the instance where the dashboard takes one', () => {
  const addresses = dashboardFiles.map(({ uid }) => `http://127.0.0.1:3000/d/${uid}`);
  for (const { annotations } of alertRules) {
    const [address = ''] = (annotations['dashboard_url'] ?? '').split('?');
    expect(addresses).toContain(address);
  }
});
