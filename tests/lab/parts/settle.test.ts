import { expect, test } from '@jest/globals';
import { allSettledOrThrow } from '../../../lab/parts/settle.ts';

test('gives all values in their order', async () => {
  expect(await allSettledOrThrow([Promise.resolve(1), Promise.resolve('a')])).toEqual([1, 'a']);
});

test('a failure is thrown only when nothing goes on any more', async () => {
  const slow = Promise.withResolvers<string>();
  const steps: string[] = [];
  const all = allSettledOrThrow([
    Promise.reject(new Error('no disk')),
    slow.promise.then((step) => steps.push(step)),
  ]).catch((error: unknown) => steps.push(String(error)));
  await Promise.resolve();
  slow.resolve('slow one done');
  await all;
  expect(steps).toEqual(['slow one done', 'Error: no disk']);
});
