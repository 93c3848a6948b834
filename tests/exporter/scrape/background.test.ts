import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startBackgroundReading } from '../../../exporter/scrape/background.ts';

/** A reading that ends when the test says so, and counts. */
function controlled() {
  const readings: PromiseWithResolvers<string>[] = [];
  let clock = 0;
  const reading = startBackgroundReading({
    intervalMs: 3_600_000,
    now: () => (clock += 1000),
    random: () => 0.5,
    onError: () => undefined,
    read: () => {
      const next = Promise.withResolvers<string>();
      readings.push(next);
      return next.promise;
    },
  });
  return { reading, readings };
}

afterEach(() => {
  jest.useRealTimers();
});

describe('a background reading', () => {
  test('of many begins later than the first of them, and until then it has not been tried', async () => {
    jest.useFakeTimers();
    const read = jest.fn(() => Promise.resolve('read'));
    const reading = startBackgroundReading({
      intervalMs: 60_000,
      firstAfterMs: 500,
      onError: () => undefined,
      read,
    });
    await jest.advanceTimersByTimeAsync(499);
    expect([read.mock.calls.length, reading.wasTried()]).toEqual([0, false]);
    await jest.advanceTimersByTimeAsync(1);
    expect([read.mock.calls.length, reading.wasTried()]).toEqual([1, true]);
    reading.stop();
  });

  test.each([
    ['goes on where one of before left off', 960_000, 20_000],
    ['whose last one is too old begins at once', 100_000, 0],
    ['is not put off for longer by a clock that was set back', 9_000_000, 60_000],
  ])('%s', async (_name, readAtMs, dueAfterMs) => {
    jest.useFakeTimers({ now: 1_000_000 });
    const read = jest.fn(() => Promise.resolve('again'));
    const initial = { value: 'before', readAtMs };
    const reading = startBackgroundReading({ intervalMs: 60_000, initial, onError: () => undefined, read });
    expect(reading.wasTried()).toBe(true);
    if (dueAfterMs > 0) {
      await jest.advanceTimersByTimeAsync(dueAfterMs - 1);
      expect(read).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
    }
    expect(read).toHaveBeenCalledTimes(1);
    reading.stop();
  });

  test('begins at once, and has nothing before its first end', async () => {
    const { reading, readings } = controlled();
    expect(reading.latest()).toBeUndefined();
    readings[0]?.resolve('first');
    await readings[0]?.promise;
    await Promise.resolve();
    expect(reading.latest()).toEqual({ value: 'first', readAtMs: 1000 });
    reading.stop();
  });

  test('a refresh while one is under way waits for one that begins after it, and all who wait share that', async () => {
    const { reading, readings } = controlled();
    const refreshed = [reading.refresh(), reading.refresh()];
    readings[0]?.resolve('before');
    await readings[0]?.promise;
    await new Promise(setImmediate);
    expect(readings).toHaveLength(2);
    readings[1]?.resolve('after');
    await Promise.all(refreshed);
    expect(reading.latest()).toEqual({ value: 'after', readAtMs: 2000 });
    reading.stop();
  });

  test('that fails keeps the last good one, and whoever asked for it is told', async () => {
    const { reading, readings } = controlled();
    readings[0]?.resolve('good');
    await new Promise(setImmediate);
    const refreshed = reading.refresh();
    readings[1]?.reject(new Error('boom'));
    await expect(refreshed).rejects.toThrow('boom');
    expect(reading.latest()?.value).toBe('good');
    reading.stop();
  });
});
