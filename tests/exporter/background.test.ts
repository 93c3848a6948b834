import { describe, expect, test } from '@jest/globals';
import { startBackgroundReading } from '../../exporter/background.ts';

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

describe('a background reading', () => {
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
