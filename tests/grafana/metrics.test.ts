import { expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { alertRules } from '../rules/rule-files.ts';
import { dashboardFiles, queries } from './dashboard-files.ts';
import { exporterMetrics, otherMetrics } from './known-metrics.ts';

const used = [
  ...alertRules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboardFiles.flatMap(queries).map(({ panel, expr }) => ({ where: panel, expr })),
];

function metricNames(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(expr.slice(from, to));
    },
  });
  return names;
}

test.each(used)('$where asks for metrics that exist', ({ expr }) => {
  const unknown = metricNames(expr).filter((name) => !exporterMetrics.has(name) && !otherMetrics.has(name));
  expect(unknown).toEqual([]);
});

test('no metric in the list of others is one that nothing uses', () => {
  const names = used.flatMap(({ expr }) => metricNames(expr));
  expect([...otherMetrics].filter((name) => !names.includes(name))).toEqual([]);
});
