import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, test } from '@jest/globals';
import { parsePromql } from '../../inventory/promql/promql.ts';
import { dashboardFiles, panelQueries, shownPanels, withInterval } from './dashboard-files.ts';
import { exclusions, isExcluded } from './lint-exclusions.ts';
import { bareCounters, ratesOverOtherRanges, selectorsWithout } from './query-faults.ts';

// The rules of github.com/grafana/dashboard-linter, by their names there.
describe.each(dashboardFiles)('$title', (dashboard) => {
  const panels = shownPanels(dashboard);
  const asked = panelQueries(dashboard);
  const variables = dashboard.templating.list;
  const targets = panels.flatMap((panel) => panel.targets ?? []);

  test('template-datasource-rule', () => {
    expect(variables.filter(({ type }) => type === 'datasource')).toMatchObject([
      { name: 'datasource', label: 'Data Source', query: 'prometheus' },
    ]);
  });

  test.each(['job', 'instance'])('template-%s-rule', (name) => {
    expect(variables.filter((variable) => variable.name === name)).toMatchObject([
      { type: 'query', label: name, datasource: { uid: '${datasource}' }, multi: true, allValue: '.+' },
    ]);
  });

  test('template-label-promql-rule', () => {
    for (const { query } of variables.filter(({ type }) => type === 'query')) {
      const [, selector = ''] = /^label_values\((.+), \w+\)$/.exec(query) ?? [];
      expect(() => parsePromql(selector)).not.toThrow();
    }
  });

  test('template-on-time-change-reload-rule', () => {
    expect(variables.filter(({ type, refresh }) => type === 'query' && refresh !== 2)).toEqual([]);
  });

  test('panel-datasource-rule', () => {
    for (const { datasource } of [...panels, ...targets]) expect(datasource?.uid).toBe('${datasource}');
  });

  test.each(panels)('panel-title-description-rule: $title', ({ title, description }) => {
    expect(title).toBeTruthy();
    expect(description).toBeTruthy();
  });

  test.each(panels)('panel-units-rule: $title', ({ fieldConfig }) => {
    expect(Object.values(units)).toContain(fieldConfig?.defaults.unit);
  });

  test.each(panels)('panel-no-targets-rule: $title', ({ targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0);
  });

  test('target-logql-rule and target-logql-auto-rule: nothing is asked of Loki', () => {
    expect(targets.filter(({ datasource }) => datasource.type !== 'prometheus')).toEqual([]);
  });

  test.each(asked)('target-promql-rule: $panel: $expr', ({ expr }) => {
    expect(() => parsePromql(withInterval(expr))).not.toThrow();
  });

  test.each(asked)('target-rate-interval-rule: $panel: $expr', ({ expr }) => {
    expect(ratesOverOtherRanges(expr)).toEqual([]);
  });

  test.each(asked)('target-counter-agg-rule: $panel: $expr', ({ expr }) => {
    expect(bareCounters(expr)).toEqual([]);
  });

  test.each(['job', 'instance'])('target-%s-rule, but for the exclusions', (label) => {
    const rule = `target-${label}-rule`;
    const faults = asked
      .filter(({ panel, place = NaN }) => !isExcluded(rule, dashboard.title, panel, place))
      .flatMap(({ expr }) => selectorsWithout(`${label}=~"$${label}"`, expr));
    expect(faults).toEqual([]);
  });

  test('uneditable-dashboard', () => {
    expect(dashboard.editable).toBe(false);
  });
});

test.each(Object.entries(exclusions))('%s: each exclusion is needed, and has a reason', (rule, exclusion) => {
  const label = rule.split('-')[1] ?? '';
  expect(exclusion.reason).toMatch(/\.$/);
  for (const entry of exclusion.entries) {
    const dashboard = dashboardFiles.find(({ title }) => title === entry.dashboard);
    const exprs = dashboard === undefined ? [] : panelQueries(dashboard);
    const faults = exprs
      .filter(({ panel, place }) => panel === entry.panel && String(place) === entry.targetIdx)
      .flatMap(({ expr }) => selectorsWithout(`${label}=~"$${label}"`, expr));
    expect({ ...entry, faults: faults.length > 0 }).toEqual({ ...entry, faults: true });
  }
});
