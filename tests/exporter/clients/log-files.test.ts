import { describe, expect, test } from '@jest/globals';
import { parsePiece, parseStatus } from '../../../exporter/clients/log-files.ts';

describe('log-status', () => {
  test.each([
    ['ab12cd34 link', { kind: 'link' }],
    ['ab12cd34 absent', { kind: 'absent' }],
    ['ab12cd34 absent ', { kind: 'absent' }],
    ['ab12cd34 absent 7 8', { kind: 'absent', rotated: { inode: '7', sizeBytes: 8 } }],
    [
      'ab12cd34 file 18446744073709551615 5 1795401540.123456789 ',
      {
        kind: 'file',
        file: { inode: '18446744073709551615', sizeBytes: 5 },
        changed: '1795401540.123456789',
      },
    ],
    [
      'ab12cd34 file 1 5 2.5 3 4',
      {
        kind: 'file',
        file: { inode: '1', sizeBytes: 5 },
        changed: '2.5',
        rotated: { inode: '3', sizeBytes: 4 },
      },
    ],
  ])('%s', (line, status) => {
    expect(parseStatus(line)).toEqual(status);
  });

  test.each([
    '',
    '0',
    'ab12 link',
    'ab12cd34 file',
    'ab12cd34 file 1',
    'ab12cd34 file 1 -5 2.5',
    'ab12cd34 file 1 5 2.5 3',
    '<html>',
    'ab12cd34 linkabsent',
  ])('a line such as %j is a bad answer', (line) => {
    expect(() => parseStatus(line)).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
  });
});

describe('log-read', () => {
  const piece = (text: string) => parsePiece(Buffer.from(text), '7');

  test('gives the bytes between its two heads, line feeds and all', () => {
    expect(piece('7 6 1.5\na\n\nb\n\n\n7 9 2.5\n')).toEqual({
      file: { inode: '7', sizeBytes: 9 },
      bytes: Buffer.from('a\n\nb\n\n'),
    });
    expect(piece('7 6 1.5\n\n7 6 1.5\n')?.bytes).toHaveLength(0);
  });

  test.each([
    ['is gone', 'absent\n'],
    ['became a link', 'link\n'],
    ['went before it was opened', '\nx\n\n'],
    ['went while it was read', '7 6 1.5\nabc\n\n'],
    ['was swapped while it was read', '7 6 1.5\nabc\n8 6 1.5\n'],
    ['became shorter while it was read', '7 6 1.5\nabc\n7 5 1.5\n'],
    ['was not printed to its end', '7 6 1.5\nabc'],
  ])('gives nothing of a file that %s', (_what, text) => {
    expect(piece(text)).toBeUndefined();
  });

  test('that says something else is a bad answer', () => {
    expect(() => piece('<html>\n')).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
  });
});
