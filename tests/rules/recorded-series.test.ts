import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { dashboardFiles, queries, withInterval } from '../grafana/dashboard-files.ts';
import { recordedMetrics } from '../grafana/known-metrics.ts';
import { goldenSeries, shapesInPrometheus, type ListedSeries } from '../helpers/golden-series.ts';
import { alertRules, recordingRules } from './rule-files.ts';
import { unrecordedSeries } from './unrecorded-series.ts';

/** What the Prometheus of a lab that was lived in had: tests/e2e/loop.test.ts holds the file to it. */
const onLab = new Set(await goldenSeries('lived-in'));
const unrecorded = new Set(Object.values(unrecordedSeries).flat());

const ruleTests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.yml'));

/** The series that a file gives promtool. */
function inputShapes(name: string): string[] {
  const file = load(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as {
    tests: { input_series?: { series: string }[] }[];
  };
  const series = file.tests.flatMap(({ input_series = [] }) => input_series.map((input) => input.series));
  return shapesInPrometheus(series.map(listed));
}

/** As Prometheus would list it: an empty label is none. */
function listed(series: string): ListedSeries {
  const labels = [...series.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', value = '']) => [label, value] as const,
  );
  return {
    __name__: /^[\w:]*/.exec(series)?.[0] ?? '',
    ...Object.fromEntries(labels.filter(([, value]) => value !== '')),
  };
}

const nameOf = (shape: string) => shape.replace(/\{.*/, '');

describe('the series of the promtool tests', () => {
  const all = new Set(ruleTests.flatMap(inputShapes));

  test.each(ruleTests)(
    '%s plays series that the lab has, by name, job and labels, or that are listed',
    (name) => {
      expect(inputShapes(name).filter((shape) => !onLab.has(shape) && !unrecorded.has(shape))).toEqual([]);
    },
  );

  test('that are listed as not of the lab are used, and are not of the lab', () => {
    expect([...unrecorded].filter((shape) => onLab.has(shape) || !all.has(shape))).toEqual([]);
  });
});

describe('each metric that is asked for, the lab has, or it is listed', () => {
  const known = new Set([...onLab, ...unrecorded].map(nameOf));
  const asked = [
    ...alertRules.map(({ alert, expr }) => ({ where: alert, expr })),
    ...recordingRules.map(({ record, expr }) => ({ where: record, expr })),
    ...dashboardFiles.flatMap(queries).map(({ panel, expr }) => ({ where: panel, expr: withInterval(expr) })),
  ];

  test.each(asked)('by $where', ({ expr }) => {
    const names = vectorSelectors(parsePromql(expr)).map(({ metric = '' }) => metric);
    const others = names.filter((name) => !recordedMetrics.has(name) && !name.startsWith('ALERTS'));
    expect(others.filter((name) => !known.has(name))).toEqual([]);
  });
});
