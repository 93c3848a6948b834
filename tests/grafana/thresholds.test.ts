import { expect, test } from '@jest/globals';
import { cacheLooksBack, dataIsOld, thresholds } from '../../grafana/src/thresholds.ts';
import { alertRules } from '../rules/rule-files.ts';
import { dashboardFiles, shownPanels, withInterval, type Panel } from './dashboard-files.ts';
import { metricNames, metricsBehind } from './metric-names.ts';

/** The numbers that an expression compares with in a direction; a product such as 14 * 86400 is one number. */
function comparedNumbers(expr: string, fires: 'above' | 'below'): number[] {
  const operator = fires === 'above' ? '>' : '<';
  return [...expr.matchAll(/([<>])=?\s*(\d[\d.e\s*]*)/g)]
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

/** The panels, of some dashboards, that show a metric of an alert and draw a number, or compare with it. */
function panelsThatDraw(
  value: number,
  { expr }: { readonly expr: string },
  dashboards = dashboardFiles,
): Panel[] {
  const metrics = metricsBehind(expr);
  const draws = ({ fieldConfig, targets = [] }: Panel) =>
    (fieldConfig?.defaults.thresholds?.steps ?? []).some((step) => step.value === value) ||
    targets.some((target) => comparedNumbers(target.expr.replaceAll(' bool', ''), 'above').includes(value));
  const shows = ({ targets = [] }: Panel) =>
    targets.some((target) => metricNames(withInterval(target.expr)).some((name) => metrics.has(name)));
  return dashboards.flatMap(shownPanels).filter((panel) => shows(panel) && draws(panel));
}

test.each(Object.entries(thresholds))(
  '%s is drawn where a metric of its alert is shown, or compared with there',
  (_name, { alert, value }) => {
    const rule = alertRules.find((candidate) => candidate.alert === alert);
    expect(panelsThatDraw(value, rule ?? { expr: '' })).not.toEqual([]);
  },
);

test('a cache was on as long ago on its panel as for its alert', () => {
  const { alert, window } = cacheLooksBack;
  expect(alertRules.find((rule) => rule.alert === alert)?.expr).toMatch(new RegExp(`\\[${window}:`));
});

test('data is as old on its panel as for its alert', () => {
  const { alert, intervals, graceSeconds } = dataIsOld;
  expect(alertRules.find((rule) => rule.alert === alert)?.expr).toContain(
    `> ${intervals} * steward_collector_data_interval_seconds + ${graceSeconds}`,
  );
});

/** Alerts of a single number that no panel draws, by the reason. */
const undrawn: Readonly<Record<string, readonly string[]>> = {
  'It counts events in a window of its own; the panel has a bar for each hour, or a rate.': [
    'BotErrors',
    'BotExchangeErrors',
    'BotRateLimited',
    'BotStopLossBurst',
    'HostDown',
    'ServiceDown',
    'ServiceFlapping',
    'SiteDown',
    'WordPressFatalErrors',
    'WordPressLoginAttack',
  ],
  'What is bad is told by the target itself: a timeframe, an interval, what is usual, the peak of a day.': [
    'BotCandlesStale',
    'NothingPublished',
    'PipelineStageIdle',
    'SiteRequestsStopped',
  ],
  'Its panel draws the number of another alert, which comes sooner.': [
    'DiskFillsSoon',
    'DiskFull',
    'InodesUsedSoon',
  ],
};

/** The number that an alert compares with, where it is one alone; that something is more than nothing is none. */
function singleNumber(expr: string): number | undefined {
  const numbers = (['above', 'below'] as const).flatMap((fires) => comparedNumbers(expr, fires));
  const [number, another] = new Set(numbers.filter((value) => value !== 0));
  return another === undefined ? number : undefined;
}

test('each alert of a single number has it drawn on the page that it leads to, or is listed with a reason', () => {
  const left = alertRules.filter((rule) => {
    const number = singleNumber(rule.expr);
    const [address] = (rule.annotations['dashboard_url'] ?? '').split('?');
    const linked = dashboardFiles.filter(({ uid }) => address?.endsWith(`/d/${uid}`));
    return number !== undefined && panelsThatDraw(number, rule, linked).length === 0;
  });
  expect(left.map(({ alert }) => alert).toSorted()).toEqual(Object.values(undrawn).flat().toSorted());
});
