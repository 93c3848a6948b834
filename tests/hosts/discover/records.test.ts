import { describe, expect, test } from '@jest/globals';
import { readRecords } from '../../../hosts/discover/records.ts';

const OPENING = ['steward-discovery', '1'];
const printed = (...words: string[]) =>
  Buffer.from([...OPENING, ...words].map((word) => `${word}\u0000`).join(''));

describe('readRecords', () => {
  test('reads each kind, behind what the login prints', () => {
    const output = Buffer.concat([
      Buffer.from('Welcome!\n'),
      printed('log', '/a\nend', 'service', 'systemd', 'nginx', 'end'),
    ]);
    expect(readRecords(output)).toMatchObject({
      isWhole: true,
      log: [{ file: '/a\nend' }],
      service: [{ manager: 'systemd', name: 'nginx' }],
      site: [],
    });
  });

  test.each<[what: string, output: Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['HTML', Buffer.from('<html>')],
    ['another version', Buffer.from('steward-discovery\u00002\u0000end\u0000')],
  ])('takes %s for no answer', (_what, output) => {
    expect(readRecords(output)).toBeUndefined();
  });

  test.each<[what: string, output: Buffer]>([
    ['the end is missing', printed('log', '/a')],
    ['a record is cut off', printed('log', '/a', 'site', '/b', 'me')],
    ['a record is cut off in a field', Buffer.concat([printed('log', '/a'), Buffer.from('log\u0000/b')])],
    ['a kind is unknown', printed('log', '/a', 'constructor', 'log', '/b', 'end')],
    ['a field is too long', printed('log', '/a', 'log', 'x'.repeat(16_385), 'end')],
  ])('keeps what came before, and is not whole, where %s', (_what, output) => {
    expect(readRecords(output)).toMatchObject({ isWhole: false, log: [{ file: '/a' }], site: [] });
  });

  test('keeps a hundred of a kind', () => {
    const records = readRecords(printed(...Array.from({ length: 101 }, () => ['log', '/a']).flat(), 'end'));
    expect(records?.log).toHaveLength(100);
    expect(records?.isWhole).toBe(false);
  });
});
