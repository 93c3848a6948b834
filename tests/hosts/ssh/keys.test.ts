import { expect, test } from '@jest/globals';
import { createPrivateKey, publicKeyOf } from '../../../hosts/ssh/keys.ts';

test('every key that is made can be read: also those whose public half begins with a zero, one in 256', () => {
  const keys = Array.from({ length: 3000 }, () => publicKeyOf(createPrivateKey('steward read web1')));
  expect(keys.filter((key) => !/^ssh-ed25519 [A-Za-z0-9+/]{68}$/.test(key))).toEqual([]);
  expect(new Set(keys).size).toBe(3000);
});
