import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitsSlotPattern, isSlotPattern } from '../../inventory/slot-pattern.ts';

describe('a pattern for slots', () => {
  test.each(['[a-z]{1,20}', 'v[0-9]+', '[a-z0-9._-]*', 'a?b', '[-]x', '[A-Fa-f0-9]{8}'])(
    'may be %j',
    (text) => {
      expect(isSlotPattern(text)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    '.*',
    '(a|b)',
    'a|b',
    '^a$',
    'a**',
    'a+?',
    '[^a]',
    '[z-a]',
    '[A-z]',
    '[',
    'a{3,2}',
    'a{,3}',
    'a{999}',
    '\\d',
    '[[:alpha:]]',
    'a b',
    'a\n',
    '$a',
    'é',
    'a'.repeat(201),
  ])('may not be %j', (text) => {
    expect(isSlotPattern(text)).toBe(false);
  });

  test('is never slow', () => {
    const pattern = '[a-z]*'.repeat(30);
    expect(isSlotPattern(pattern)).toBe(true);
    expect(fitsSlotPattern(pattern, `${'a'.repeat(63)}!`)).toBe(false);
  });

  test('fits what grep on a host lets through, and nothing else', () => {
    const atom = fc.constantFrom('a', 'b', '-', '_', '[a-c]', '[ab-]', '[b._]', '[0-9a]');
    const repeats = fc.constantFrom('', '?', '*', '+', '{2}', '{0,2}', '{1,3}');
    const pattern = fc.array(
      fc.tuple(atom, repeats).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 5 },
    );
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '_', '.', '1'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, fc.array(value, { minLength: 1, maxLength: 30 }), (pieces, values) => {
        const text = pieces.join('');
        expect(isSlotPattern(text)).toBe(true);
        const { stdout } = spawnSync('grep', ['-Ex', '-e', text], {
          input: values.map((one) => `${one}\n`).join(''),
          encoding: 'utf8',
          env: { LC_ALL: 'C', PATH: process.env['PATH'] },
        });
        expect(values.filter((one) => fitsSlotPattern(text, one))).toEqual(stdout.split('\n').slice(0, -1));
      }),
      { numRuns: 150 },
    );
  });
});
