import { describe, expect, test } from '@jest/globals';
import type { Failure } from '../../../exporter/failure.ts';
import { createKeptResults, type KeepLimits } from '../../../exporter/pages/kept-results.ts';
import type { Probe } from '../../../exporter/scrape/probe.ts';

const limits: KeepLimits = { textBytes: 10_000, latestBytes: 1e6, failures: 2, failuresBytes: 1e6 };

function probe(target: string, failure?: Failure): Probe {
  const report = { collector: 'one', scrape: { seconds: 0.5, failure }, series: 1, dropped: 0 };
  return {
    ...{ module: 'site', target, startedAtMs: 0, seconds: 1, samples: [] },
    reports: [
      { ...report, background: undefined },
      {
        ...report,
        collector: 'two',
        scrape: undefined,
        background: { readAtMs: undefined, failure: undefined },
      },
    ],
  };
}
const broken: Failure = { reason: 'unreachable', message: 'gone' };
const numbers = (results: readonly { number: number }[]) => results.map(({ number }) => number);

describe('results', () => {
  test('are kept with how many collectors went well, the last of each target', () => {
    const results = createKeptResults(limits);
    results.add(probe('a'), 'metrics 1\n');
    results.add(probe('a', broken), 'metrics 2\n');
    results.add(probe('b'), 'metrics 3\n');
    expect(results.latest('site', 'a')).toMatchObject({ number: 2, ok: 1, failed: 1 });
    expect(results.latest('site', 'b')).toMatchObject({ number: 3, ok: 2, failed: 0 });
    expect(results.latest('host', 'a')).toBeUndefined();
    expect(results.get(1)).toBeUndefined();
    expect(results.get(2)?.text.toString()).toBe(`site a at 1970-01-01T00:00:00.000Z, in 1.000 s

collector  duration  outcome  series  dropped  background data
one        0.500 s   failed   1       0        -
two        -         ok       1       0        not read yet

one failed in this scrape: unreachable: gone

metrics 2
`);
  });

  test('that failed stay when their target is well again, the newest first, so many of them', () => {
    const results = createKeptResults(limits);
    for (const target of ['a', 'b', 'c']) results.add(probe(target, broken), '');
    for (const target of ['a', 'b', 'c']) results.add(probe(target), '');
    expect(numbers(results.failures())).toEqual([3, 2]);
    expect([1, 2, 3].map((number) => results.get(number)?.target)).toEqual([undefined, 'b', 'c']);
  });

  test('that two requests shared are one', () => {
    const results = createKeptResults(limits);
    const shared = probe('a', broken);
    results.add(shared, '');
    results.add(shared, '');
    expect(numbers(results.failures())).toEqual([1]);
  });

  test('take no more memory than they may: the oldest goes, and a long text is cut', () => {
    const results = createKeptResults({
      ...limits,
      latestBytes: 25_000,
      failures: 100,
      failuresBytes: 15_000,
    });
    for (const target of ['a', 'b', 'c']) results.add(probe(target, broken), 'x'.repeat(100_000));
    expect(['a', 'b', 'c'].map((target) => results.latest('site', target)?.text.length)).toEqual([
      undefined,
      10_000,
      10_000,
    ]);
    expect(numbers(results.failures())).toEqual([3]);
    // The one that was seen last is the youngest, wherever it stood before.
    results.add(probe('b', broken), 'x'.repeat(100_000));
    results.add(probe('d', broken), 'x'.repeat(100_000));
    expect(results.latest('site', 'c')).toBeUndefined();
    expect(results.latest('site', 'b')).toBeDefined();
  });
});
