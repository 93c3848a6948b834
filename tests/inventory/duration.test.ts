import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { durationMilliseconds, formatDuration } from '../../inventory/duration.ts';

test.each([
  ['0s', 0],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
  ['5ms', 5],
])('%s is %d ms', (text, milliseconds) => {
  expect(durationMilliseconds(text)).toBe(milliseconds);
});

test.each(['', '5', 's', '1m1h', '-1s', '1.5h', '1 h', '1H'])('%j is no duration', (text) => {
  expect(durationMilliseconds(text)).toBeUndefined();
});

test('what is written can be read', () => {
  fc.assert(
    fc.property(fc.nat(), (milliseconds) => {
      expect(durationMilliseconds(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
});
