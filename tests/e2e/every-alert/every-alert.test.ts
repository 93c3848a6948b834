import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { alertRules, ruleFiles, rulesFolder, testedAlerts } from '../../rules/rule-files.ts';
import { acts } from './acts.ts';
import { notOnTheLab } from './not-on-the-lab.ts';
import { shortenTime, unusedThresholds } from './shorten-time.ts';

const shipped = alertRules.map(({ alert }) => alert);
const ofFaults = acts.flatMap(({ faults }) => faults.flatMap(({ alerts }) => alerts));
const listed = Object.values(notOnTheLab).flat();

test('each alert is fired by one fault of the campaign, or is listed with the reason', () => {
  expect([...ofFaults, ...listed].toSorted()).toEqual(shipped.toSorted());
});

test('each alert that is listed has a promtool test', () => {
  const { firing } = testedAlerts();
  expect(listed.filter((alert) => !firing.has(alert))).toEqual([]);
});

test('each threshold that is another one in the campaign is in the rules', () => {
  const texts = ruleFiles.map((name) => readFileSync(path.join(rulesFolder, name), 'utf8'));
  expect(unusedThresholds(texts)).toEqual([]);
});

test.each([
  ['rate(x[5m])', 'rate(x[16s])'],
  ['min_over_time(x[7d:1h])', 'min_over_time(x[80s:36s])'],
  ['present_over_time(x[1d] offset 7d)', 'present_over_time(x[63s] offset 80s)'],
  ['    interval: 4m', '    interval: 14s'],
  ['        for: 60m', '        for: 2s'],
  ['        for: 0s', '        for: 0s'],
  ['        keep_firing_for: 60m', '        keep_firing_for: 0s'],
  ['record: x:ratio5m', 'record: x:ratio5m'],
  ['time() - x > 86400', 'time() - x > 86400'],
])('%s is shortened to %s', (rule, shortened) => {
  expect(shortenTime(rule)).toBe(shortened);
});
