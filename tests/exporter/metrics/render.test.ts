import { spawnSync } from 'node:child_process';
import { Registry } from 'prom-client';
import { expect, test } from '@jest/globals';
import { guardSeries } from '../../../exporter/metrics/guard-series.ts';
import { histogram, histogramSamples } from '../../../exporter/metrics/metric.ts';
import { renderMetrics } from '../../../exporter/metrics/render.ts';

const durations = histogram('a_duration_seconds', 'How long it took, in seconds.', ['log']);
const samples = ['nginx', 'apache'].flatMap((log) =>
  histogramSamples(
    durations,
    { log },
    {
      buckets: [
        [0.5, 1],
        [1, 3],
      ],
      count: 4,
      sum: 9.5,
    },
  ),
);
const lines = (log: string) => [
  `a_duration_seconds_bucket{log="${log}",le="0.5"} 1`,
  `a_duration_seconds_bucket{log="${log}",le="1"} 3`,
  `a_duration_seconds_bucket{log="${log}",le="+Inf"} 4`,
  `a_duration_seconds_sum{log="${log}"} 9.5`,
  `a_duration_seconds_count{log="${log}"} 4`,
];
const page = [
  '# HELP a_duration_seconds How long it took, in seconds.',
  '# TYPE a_duration_seconds histogram',
  ...lines('nginx'),
  ...lines('apache'),
];

test('a histogram that was counted elsewhere is written as one, in both formats', async () => {
  const { samples: guarded, dropped } = guardSeries(samples, 100);
  expect(dropped).toBe(0);
  const text = await renderMetrics(guarded);
  expect(text.trimEnd().split('\n')).toEqual(page);
  const promtool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect([promtool.status, promtool.stderr]).toEqual([0, '']);
  const openMetrics = await renderMetrics(guarded, Registry.OPENMETRICS_CONTENT_TYPE);
  expect(openMetrics.trimEnd().split('\n')).toEqual([...page, '# EOF']);
});
