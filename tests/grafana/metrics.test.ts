import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { alertRules, recordingRules } from '../rules/rule-files.ts';
import { dashboardFiles, panelQueries, queries, withInterval } from './dashboard-files.ts';
import { metricNames, metricsBehind } from './metric-names.ts';
import { exporterMetrics, otherMetrics, recordedMetrics, remediatorMetrics } from './known-metrics.ts';

const used = [
  ...alertRules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...alertRules.flatMap(({ alert, annotations }) =>
    [
      ...Object.values(annotations)
        .join(' ')
        .matchAll(/\bquery `([^`]+)`/g),
    ].map(([, expr = '']) => ({
      where: `the message of ${alert}`,
      expr,
    })),
  ),
  ...recordingRules.map(({ record, expr }) => ({ where: record, expr })),
  ...dashboardFiles.flatMap(queries).map(({ panel, expr }) => ({ where: panel, expr })),
];

const usedNames = new Set(used.flatMap(({ expr }) => metricNames(expr)));

test.each(used)('$where asks for metrics that exist', ({ expr }) => {
  const known = [...exporterMetrics, ...remediatorMetrics, ...recordedMetrics, ...otherMetrics];
  expect(metricNames(expr).filter((name) => !known.includes(name))).toEqual([]);
});

test.each(alertRules.filter(({ expr }) => metricNames(expr).length > 0))(
  '$alert leads to a dashboard that shows a metric of its',
  ({ expr, annotations }) => {
    const uid = /\/d\/([\w-]+)/.exec(annotations['dashboard_url'] ?? '')?.[1];
    const dashboard = dashboardFiles.find((candidate) => candidate.uid === uid);
    const shown =
      dashboard === undefined
        ? []
        : panelQueries(dashboard).flatMap((asked) => [...metricsBehind(withInterval(asked.expr))]);
    const behind = metricsBehind(expr);
    expect(shown.filter((name) => behind.has(name))).not.toEqual([]);
  },
);

test('no metric in the list of others is one that nothing uses', () => {
  expect([...otherMetrics].filter((name) => !usedNames.has(name))).toEqual([]);
});

test('docs/unused-metrics.md lists each metric that no rule or dashboard uses, with its reason, and no other', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/unused-metrics.md'), 'utf8');
  const listed = [...text.matchAll(/^\| `(\w+)` +\| (.*?) *\|$/gm)];
  const unused = [...exporterMetrics, ...remediatorMetrics].filter((name) => !usedNames.has(name));
  expect(listed.map(([, name]) => name).toSorted()).toEqual([...new Set(unused)].toSorted());
  expect(listed.filter(([, , reason = '']) => !reason.endsWith('.'))).toEqual([]);
});
