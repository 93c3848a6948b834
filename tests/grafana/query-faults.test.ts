import { expect, test } from '@jest/globals';
import { bareCounters, ratesOverOtherRanges } from './query-faults.ts';

test.each([
  'rate(x_total[$__rate_interval])',
  'sum by (a) (increase(x_total{b="c"}[$__rate_interval])) > 0',
  'changes(x_timestamp_seconds[1h])',
])('%s has neither fault', (expr) => {
  expect([bareCounters(expr), ratesOverOtherRanges(expr)]).toEqual([[], []]);
});

test.each([
  'x_total',
  'max_over_time(x_total[5m])',
  'rate(sum(x_total)[$__rate_interval:])',
  'rate(x[5m]) + x_total',
])('no rate is taken of the counter in %s itself', (expr) => {
  expect(bareCounters(expr)).toEqual(['x_total']);
});

test.each([
  'rate(x_total[5m])',
  'rate(x_total[$__rate_interval] offset 1d)',
  'rate(max_over_time(x_total[$__rate_interval])[1h:])',
])('%s looks back over another range', (expr) => {
  expect(ratesOverOtherRanges(expr)).toHaveLength(1);
});
