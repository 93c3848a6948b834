import { afterEach, expect, jest, test } from '@jest/globals';
import { repeat } from '../../exporter/repeat.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('what fails is tried again after one minute, two, four and so on, at most the interval; a success starts that anew', async () => {
  jest.useFakeTimers({ now: 0 });
  const at: number[] = [];
  const outcomes = [false, false, false, false, true, false];
  const stop = repeat({
    firstAfterMs: 0,
    intervalMs: 5 * 60_000,
    random: () => 0.5,
    onError: () => undefined,
    run() {
      at.push(Date.now() / 60_000);
      return outcomes[at.length - 1] === true ? Promise.resolve() : Promise.reject(new Error('no'));
    },
  });
  await jest.advanceTimersByTimeAsync(18 * 60_000);
  expect(at).toEqual([0, 1, 3, 7, 12, 17, 18]);
  stop();
  await jest.advanceTimersByTimeAsync(60 * 60_000);
  expect(at).toHaveLength(7);
});
