import { describe, expect, test } from '@jest/globals';
import { nodes, parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { documentedMetrics } from '../helpers/documented-metrics.ts';
import { otherSeries } from './sample-series.ts';
import { dashboardFiles, shownPanels, withInterval, type DashboardFile } from './dashboard-files.ts';

/** The labels of each metric, as docs/metrics.md has them, and of those that are not Steward's. */
const documented = new Map<string, readonly string[]>([
  ...otherSeries,
  ...documentedMetrics.map(({ name, labels }) => [name, labels] as const),
]);
const ofTarget = ['job', 'instance', 'host'];

function targetsOf(dashboard: DashboardFile): { title: string; expr: string; legend: string }[] {
  return shownPanels(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat = '' }) => ({ title, expr: withInterval(expr), legend: legendFormat })),
  );
}

/** The labels that series of a query can have: those it groups by, else those of its metrics. */
function labelsOf(expr: string): string[] {
  const parsed = parsePromql(expr);
  const [outermost] = nodes(parsed.tree, 'GroupingLabels');
  const grouped = outermost === undefined ? '' : parsed.text.slice(outermost.from, outermost.to);
  if (/^(?:60 \* )?(?:sum|min|max|count|avg|group) by/.test(expr)) return grouped.match(/\w+/g) ?? [];
  const metrics = vectorSelectors(parsed).map(({ metric = '' }) => metric);
  const own = metrics.flatMap(
    (metric) => documented.get(metric) ?? documented.get(metric.replace(/_bucket$/, '')) ?? [],
  );
  return [...ofTarget, ...own, ...(grouped.match(/\w+/g) ?? [])];
}

describe.each(dashboardFiles)('$title', (dashboard) => {
  test.each(targetsOf(dashboard))(
    '$title: the legend "$legend" names labels that its series have',
    ({ expr, legend }) => {
      const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      const labels = labelsOf(expr);
      expect(named.filter((label = '') => !labels.includes(label))).toEqual([]);
    },
  );

  test.each(targetsOf(dashboard))('$title: $expr filters by labels that its metrics have', ({ expr }) => {
    for (const { metric = '', text } of vectorSelectors(parsePromql(expr))) {
      const labels = documented.get(metric);
      if (labels === undefined) continue;
      const filtered = [...text.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label);
      expect(filtered.filter((label) => ![...ofTarget, ...labels].includes(label))).toEqual([]);
    }
  });
});
