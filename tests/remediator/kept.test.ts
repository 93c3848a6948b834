import { expect, test } from '@jest/globals';
import { keptFor } from '../../remediator/kept.ts';

test('a reading is kept for its time, and then read again', async () => {
  let [read, nowMs] = [0, 0];
  const ask = keptFor(
    1000,
    () => Promise.resolve((read += 1)),
    () => nowMs,
  );
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  nowMs = 999;
  expect(await ask()).toBe(1);
  nowMs = 1000;
  expect(await ask()).toBe(2);
});

test('a reading that failed is tried again by the next who asks', async () => {
  let read = 0;
  const ask = keptFor(1000, () => {
    read += 1;
    return read === 1 ? Promise.reject(new Error('no such file')) : Promise.resolve('token');
  });
  await expect(ask()).rejects.toThrow('no such file');
  expect(await ask()).toBe('token');
});
