import { expect, test } from '@jest/globals';
import { createCollectors } from '../../exporter/collectors.ts';
import { seriesNames } from '../../exporter/metric.ts';
import { alertRules } from './rule-files.ts';

/** DataOld allows an hour: three readings of what is read most seldom, and some time for each. */
const OFTEN_MS = 20 * 60_000;

const seldom = new RegExp(
  `^(?:${/metric!~"([^"]+)"/.exec(alertRules.find(({ alert }) => alert === 'DataOld')?.expr ?? '')?.[1]})$`,
);
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
