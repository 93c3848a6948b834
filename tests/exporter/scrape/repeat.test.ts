import { afterEach, expect, jest, test } from '@jest/globals';
import { repeat } from '../../../exporter/scrape/repeat.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('what fails is tried again after 10 seconds, 20, 40 and so on, at most the interval; a success starts that anew', async () => {
  jest.useFakeTimers({ now: 0 });
  const at: number[] = [];
  const outcomes = [false, false, false, false, true, false];
  const stop = repeat({
    firstAfterMs: 0,
    intervalMs: 60_000,
    random: () => 0.5,
    onError: () => undefined,
    run() {
      at.push(Date.now() / 1000);
      return outcomes[at.length - 1] === true ? Promise.resolve() : Promise.reject(new Error('no'));
    },
  });
  await jest.advanceTimersByTimeAsync(200_000);
  expect(at).toEqual([0, 10, 30, 70, 130, 190, 200]);
  stop();
  await jest.advanceTimersByTimeAsync(60 * 60_000);
  expect(at).toHaveLength(7);
});
