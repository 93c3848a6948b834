import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonPath, valuesAt } from '../../inventory/json-path.ts';

const at = (value: unknown, path: string) => valuesAt(value, parseJsonPath(path) ?? []);
const value = { a: { 'b c': [1, { d: 2 }, 3] }, list: [{ x: 1 }, { y: 5 }, { x: 2 }] };

describe('a path', () => {
  test.each<[path: string, found: unknown[]]>([
    ['a["b c"][0]', [1]],
    ['$.a["b c"][1].d', [2]],
    ['$["a"]["b c"][-1]', [3]],
    ['a["b c"][7]', []],
    ['list[*].x', [1, 2]],
    ['[*]["b c"][*]', [1, { d: 2 }, 3]],
    ['$', [value]],
    ['a.x.y', []],
    ['list.length', []],
    ['__proto__', []],
    ['constructor.name', []],
    ['a["b c"][0].toString', []],
  ])('%s leads to %j', (path, found) => {
    expect(at(value, path)).toEqual(found);
  });

  test.each([
    '',
    '.a',
    'a.',
    'a..b',
    'a[',
    'a[]',
    'a[1',
    'a b',
    'a[1.5]',
    '$a',
    'a["b]',
    'a[0]b',
    '@.a',
    'a[?(@.x)]',
    `a${'.b'.repeat(30)}`,
  ])('%j is none', (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });

  test('never throws, whatever it is and whatever it is asked of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '.', '$', '[', ']', '*', '"', '-', '0', '1', '_', ' ') }),
        fc.jsonValue(),
        (path, json) => {
          expect(Array.isArray(at(json, path))).toBe(true);
        },
      ),
    );
  });

  test('of keys leads to what stands there', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'Z', '_', '0', '9', ' ', '.', '-'),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.jsonValue(), (keys, leaf) => {
        const nested = keys.reduceRight<unknown>((inner, name) => ({ [name]: inner }), leaf);
        expect(at(nested, keys.map((name) => `["${name}"]`).join(''))).toEqual([leaf]);
      }),
    );
  });
});
