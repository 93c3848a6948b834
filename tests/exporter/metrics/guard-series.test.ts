import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Collector } from '../../../exporter/collector.ts';
import { createDropCounts } from '../../../exporter/metrics/drop-counts.ts';
import { guardSeries } from '../../../exporter/metrics/guard-series.ts';
import { gauge, sample, type Sample } from '../../../exporter/metrics/metric.ts';
import { startModuleWatch } from '../../../exporter/scrape/module-watch.ts';

const size = gauge('size_bytes', 'Size.', ['name']);
const age = gauge('age_seconds', 'Age.', ['name']);
const sizes = (...names: string[]) => names.map((name, value) => sample(size, value, { name }));
const named = (samples: readonly Sample[]) =>
  samples.map(({ metric, labels, value }) => [metric.name, labels['name'], value]);

describe('the series of one collector', () => {
  test('are left as they are below the limit', () => {
    const samples = sizes('b', 'a');
    expect(guardSeries(samples, 2)).toEqual({ samples, dropped: 0 });
  });

  test('above the limit the first by labels stay, whatever the order they come in', () => {
    expect(guardSeries(sizes('c', 'a', 'd', 'b'), 2).dropped).toBe(2);
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 }), (names) => {
        const { samples } = guardSeries(sizes(...names), 2);
        expect(samples.map(({ labels }) => labels['name']).sort()).toEqual(['a', 'b']);
      }),
    );
  });

  test('what has the same labels stays together, so that no metric goes whole', () => {
    const both = ['a', 'b', 'c'].flatMap((name) => [sample(size, 1, { name }), sample(age, 2, { name })]);
    expect(named(guardSeries(both, 4).samples)).toEqual([
      ['size_bytes', 'a', 1],
      ['age_seconds', 'a', 2],
      ['size_bytes', 'b', 1],
      ['age_seconds', 'b', 2],
    ]);
  });

  test('of one that is there twice the first stays, and the other is counted', () => {
    expect(guardSeries(sizes('a', 'b', 'a'), 10)).toEqual({ samples: sizes('a', 'b'), dropped: 1 });
  });

  test.each<[what: string, value: string, kept: string]>([
    ['of 200 characters is kept', 'x'.repeat(200), 'x'.repeat(200)],
    ['of 201 characters is cut', 'x'.repeat(201), 'x'.repeat(200)],
    ['is cut between characters, not within one', `${'x'.repeat(199)}😀😀`, `${'x'.repeat(199)}😀`],
    ['with half a character is made whole', 'a\ud800', 'a\ufffd'],
  ])('a label value that %s', (_what, value, kept) => {
    expect(guardSeries(sizes(value), 10)).toEqual({ samples: sizes(kept), dropped: 0 });
  });

  test('two that are the same once cut, or on the wire, are one', () => {
    const long = 'x'.repeat(200);
    expect(named(guardSeries(sizes(`${long}1`, `${long}2`), 10).samples)).toEqual([['size_bytes', long, 0]]);
    expect(guardSeries(sizes('\ud800', '\udbff'), 10).dropped).toBe(1);
    expect(guardSeries([...sizes(''), { metric: size, labels: {}, value: 1 }], 10).dropped).toBe(1);
  });
});

test('the limit is for a collector of a target as a whole, in the scrape and beside it, and what it costs is counted', async () => {
  const flood: Collector<string> = {
    name: 'flood',
    metrics: [size, age],
    collect: () => Promise.resolve(sizes('b', 'c')),
    background: {
      intervalMs: 3_600_000,
      metrics: [size],
      read: () =>
        Promise.resolve([...sizes('b'), sample(age, 5, { name: 'a' }), sample(age, 5, { name: 'z' })]),
    },
  };
  const calm: Collector<string> = { name: 'calm', metrics: [age], collect: () => Promise.resolve([]) };
  const module = startModuleWatch({
    collectors: [flood, calm],
    entries: { a: {} },
    targetOf: (id) => id,
    onError: () => undefined,
  });
  await new Promise(setImmediate);
  const drops = createDropCounts(['flood', 'calm']);
  const scrape = () =>
    module.scrape('a', ['flood', 'calm'], {
      timeoutMs: 1000,
      seriesLimit: 3,
      onError: () => undefined,
      onDropped: (collector, series) => drops.count(collector, series),
    });
  const { samples, reports } = await scrape();
  expect(named(samples).filter(([name]) => name === 'size_bytes' || name === 'age_seconds')).toEqual([
    ['size_bytes', 'b', 0],
    ['size_bytes', 'c', 1],
    ['age_seconds', 'a', 5],
  ]);
  expect(reports).toMatchObject([
    { collector: 'flood', series: 3, dropped: 2, background: { readAtMs: expect.any(Number) } },
    { collector: 'calm', series: 0, dropped: 0, background: undefined },
  ]);
  await scrape();
  expect(drops.samples().map(({ labels, value }) => [labels['collector'], value])).toEqual([
    ['flood', 4],
    ['calm', 0],
  ]);
  module.stop();
});
