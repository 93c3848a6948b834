import { expect, test } from '@jest/globals';
import { createCollectors } from '../../exporter/collectors.ts';
import { seriesNames } from '../../exporter/metric.ts';
import { alertRules } from './rule-files.ts';

/** DataOld allows an hour: three readings of what is read most seldom, and some time for each. */
const OFTEN_MS = 20 * 60_000;

const expr = alertRules.find(({ alert }) => alert === 'DataOld')?.expr ?? '';
const seldomNames = /metric!~"([^"]+)"/.exec(expr)?.[1] ?? '';
const seldom = new RegExp(`^(?:${seldomNames})$`);
const { host, site, bot, job } = createCollectors({
  osInfo: () => Promise.reject(new Error('nothing is measured here')),
  stateFolder: () => '',
  wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
});
const readings = [...host, ...site, ...bot, ...job].flatMap(({ name, background }) =>
  background === undefined ? [] : [{ name, ...background }],
);

test.each(readings)('DataOld gives $name as long as it takes to be read again', ({ intervalMs, metrics }) => {
  for (const metric of metrics.flatMap(seriesNames)) {
    expect([metric, seldom.test(metric)]).toEqual([metric, intervalMs > OFTEN_MS]);
  }
});

test('DataOld gives two days to those to which it does not give an hour, and to no other', () => {
  expect(seldomNames).not.toBe('');
  expect(/metric=~"([^"]+)"\} > 172800/.exec(expr)?.[1]).toBe(seldomNames);
});
