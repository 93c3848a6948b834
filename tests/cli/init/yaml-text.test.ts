import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { printable } from '../../../cli/init/printable.ts';
import { yamlText } from '../../../cli/init/yaml-text.ts';

const texts = [
  ...[
    '',
    ' ',
    'a',
    '/srv/a b',
    "it's",
    'a: b',
    'a #b',
    '#',
    '- a',
    '? a',
    '*a',
    '&a',
    '!!js/function x',
    '%TAG',
    '---',
    '...',
    '@a',
    '`a`',
    '|',
    '>',
  ],
  ...[
    'true',
    'No',
    'null',
    '~',
    '1',
    '1.5',
    '0x1f',
    '0o7',
    '1:30',
    '2026-11-24',
    '.inf',
    '=',
    '<<',
    '{a}',
    '[a]',
    'a,b',
    'a:',
    '"',
    "'",
    '\\',
  ],
  ...[
    'a\nb',
    'a\r\nb',
    '\t',
    '\u0000',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\u202e',
    '\ufeff',
    'ü',
    '😀',
    '\ud800',
    '127.0.0.1',
    'https://a.example:8443/b/',
  ],
];

describe('yamlText', () => {
  test.each(texts)('gives %j back, in a block and in braces', (text) => {
    const written = yamlText(text);
    expect(written).toMatch(/^[ -~]+$/);
    expect(load(`a: ${written}\nb: { c: ${written}, d: [${written}] }\n`)).toEqual({
      a: text,
      b: { c: text, d: [text] },
    });
  });
});

describe('printable', () => {
  test.each(texts)('makes one line of plain characters of %j', (text) => {
    expect(printable(text)).toMatch(/^[ -~]*$/);
  });

  test('keeps what is plain', () => {
    expect(printable(`it's "C:\\x"`)).toBe(`it's "C:\\x"`);
  });
});
