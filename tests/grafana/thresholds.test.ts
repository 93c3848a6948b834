import { expect, test } from '@jest/globals';
import { thresholds } from '../../grafana/src/thresholds.ts';
import { alertRules } from '../rules/rule-files.ts';
import { dashboardFiles, shownPanels, withInterval, type Panel } from './dashboard-files.ts';
import { metricNames, metricsBehind } from './metric-names.ts';

/** The numbers that an expression compares with in a direction; a product such as 14 * 86400 is one number. */
function comparedNumbers(expr: string, fires: 'above' | 'below'): number[] {
  const operator = fires === 'above' ? '>' : '<';
  return [...expr.matchAll(/([<>])=?\s*(\d[\d.\s*]*)/g)]
    .filter(([, sign]) => sign === operator)
    .map(([, , product = '']) => product.split('*').reduce((value, factor) => value * Number(factor), 1));
}

test.each(Object.entries(thresholds))('%s is the number of its alert', (_name, { alert, fires, value }) => {
  const rule = alertRules.find((candidate) => candidate.alert === alert);
  expect(comparedNumbers(rule?.expr ?? '', fires)).toContain(value);
});

test('a product, and only the side that is asked for, is read out of an expression', () => {
  expect(comparedNumbers('(a - time() < 14 * 86400) and on (x) (b > 0)', 'below')).toEqual([14 * 86_400]);
  expect(comparedNumbers('(a - time() < 14 * 86400) and on (x) (b > 0)', 'above')).toEqual([0]);
});

test.each(Object.entries(thresholds))(
  '%s is drawn where a metric of its alert is shown, or compared with there',
  (_name, { alert, value }) => {
    const metrics = metricsBehind(alertRules.find((rule) => rule.alert === alert)?.expr ?? '');
    const isShown = ({ fieldConfig, targets = [] }: Panel) =>
      (fieldConfig?.defaults.thresholds?.steps ?? []).some((step) => step.value === value) ||
      targets.some(({ expr }) => comparedNumbers(expr.replaceAll(' bool', ''), 'above').includes(value));
    const shows = ({ targets = [] }: Panel) =>
      targets.some(({ expr }) => metricNames(withInterval(expr)).some((name) => metrics.has(name)));
    const panels = dashboardFiles.flatMap(shownPanels).filter(shows);
    expect(panels.some(isShown)).toBe(true);
  },
);
