import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoteArgv, quoteWord } from '../../hosts/quote.ts';

const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '-', '!', '*', '~', '#', '\r', '\t', '(', ';'),
  }),
);

describe('quoteArgv', () => {
  test('whatever goes in comes out of a real sh, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(word.map(withoutNul), { minLength: 1, maxLength: 40 }), (words) => {
        const line = `printf '%s\\0' ${quoteArgv(words)}`;
        const { stdout, status } = spawnSync('sh', ['-c', line]);
        expect(status).toBe(0);
        expect(stdout).toEqual(Buffer.from(words.map((text) => `${text}\0`).join('')));
      }),
      { numRuns: 150 },
    );
  });

  test('a word that needs no quotes gets none, so that a dispatcher can read it', () => {
    expect(quoteArgv(['timeout', '--kill-after=5', '10', 'site-sentinels', 'blog'])).toBe(
      'timeout --kill-after=5 10 site-sentinels blog',
    );
  });

  test('an empty word stays a word', () => {
    expect(quoteWord('')).toBe("''");
  });

  test('a NUL byte is refused', () => {
    expect(() => quoteWord('a\0b')).toThrow('an argument cannot hold a NUL byte');
  });
});

/** Lone surrogates have no UTF-8 bytes, and no argument holds a NUL. */
function withoutNul(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
