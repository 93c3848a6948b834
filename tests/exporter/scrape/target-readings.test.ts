import { describe, expect, jest, test } from '@jest/globals';
import type { Collector } from '../../../exporter/collector.ts';
import { gauge, sample, type Sample } from '../../../exporter/metrics/metric.ts';
import { startModuleWatch, type ModuleWatch } from '../../../exporter/scrape/module-watch.ts';

const value = gauge('a_value', 'A value.');

/** How old it is, where it was never read. */
const neverRead = [
  ['steward_collector_data_timestamp_seconds', 'slow', 0],
  ['steward_collector_data_interval_seconds', 'slow', 3600],
  ['steward_data_timestamp_seconds', 'a_value', 0],
];

/** A module with one collector that reads in the background what the test gives it. */
function watch(entries: Record<string, unknown>, before?: ModuleWatch) {
  const readings: PromiseWithResolvers<readonly Sample[]>[] = [];
  const collector: Collector<string> = {
    name: 'slow',
    metrics: [value],
    background: {
      intervalMs: 3_600_000,
      metrics: [value],
      read: () => {
        const reading = Promise.withResolvers<readonly Sample[]>();
        readings.push(reading);
        return reading.promise;
      },
    },
  };
  const errors: string[] = [];
  const module = startModuleWatch({
    collectors: [collector],
    entries,
    targetOf: (id) => id,
    onError: (name, target) => errors.push(`${name} ${target}`),
    before,
  });
  const scraped = async (only = ['slow']) => {
    const { samples } = await module.scrape('a', only, {
      timeoutMs: 1000,
      seriesLimit: 10,
      onError: () => undefined,
      onDropped: () => undefined,
    });
    return samples.map((each) => [
      each.metric.name,
      each.labels['metric'] ?? each.labels['collector'] ?? '',
      each.value,
    ]);
  };
  return { module, readings, errors, scraped };
}

describe('what is read in the background', () => {
  test('is as old as can be before it was read, so that nothing is proved by it', async () => {
    const { module, scraped } = watch({ a: {} });
    expect(await scraped()).toEqual(neverRead);
    module.stop();
  });

  test('of many targets begins with one after the other, and of few at nearly the same time', async () => {
    jest.useFakeTimers();
    const { module, readings } = watch(
      Object.fromEntries(Array.from({ length: 1800 }, (_, index) => [`t${index}`, {}])),
    );
    expect(readings).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(3_600_000 / 2 - 1);
    expect(readings).toHaveLength(900);
    module.stop();
    const few = watch({ a: {}, b: {} });
    await jest.advanceTimersByTimeAsync(4000);
    expect(few.readings).toHaveLength(2);
    few.module.stop();
    jest.useRealTimers();
  });

  test('is in each scrape from then on, with the time it was read', async () => {
    const { module, readings, scraped } = watch({ a: {} });
    readings[0]?.resolve([sample(value, 7)]);
    await new Promise(setImmediate);
    expect(await scraped()).toEqual([
      ['a_value', '', 7],
      ['steward_collector_data_timestamp_seconds', 'slow', expect.any(Number)],
      ['steward_collector_data_interval_seconds', 'slow', 3600],
      ['steward_data_timestamp_seconds', 'a_value', expect.any(Number)],
    ]);
    const [, ofCollector, , ofMetric] = await scraped();
    expect(ofMetric?.[2]).toBeGreaterThan(0);
    expect(ofCollector?.[2]).toBe(ofMetric?.[2]);
    expect(await scraped([])).toEqual([]);
    module.stop();
  });

  test('of a target that a reload leaves as it is counts on; of another it does not', async () => {
    const first = watch({ a: { path: '/x' } });
    first.readings[0]?.resolve([sample(value, 7)]);
    await new Promise(setImmediate);
    const same = watch({ a: { path: '/x' } }, first.module);
    const other = watch({ a: { path: '/y' } }, first.module);
    expect((await same.scraped())[0]).toEqual(['a_value', '', 7]);
    expect(await other.scraped()).toEqual(neverRead);
    for (const { module } of [first, same, other]) module.stop();
  });

  test('cannot be a value that would cost the whole scrape', async () => {
    const { module, readings, errors, scraped } = watch({ a: {} });
    readings[0]?.resolve([sample(value, Number.NaN)]);
    await new Promise(setImmediate);
    expect(errors).toEqual(['slow a']);
    expect(await scraped()).toEqual(neverRead);
    module.stop();
  });

  test('is told of when it fails', async () => {
    const { module, readings, errors } = watch({ a: {} });
    readings[0]?.reject(new Error('boom'));
    await new Promise(setImmediate);
    expect(errors).toEqual(['slow a']);
    module.stop();
  });
});
