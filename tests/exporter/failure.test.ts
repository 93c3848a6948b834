import { describe, expect, test } from '@jest/globals';
import { CollectorError } from '../../exporter/collector-error.ts';
import { failureOf } from '../../exporter/failure.ts';

const messageOf = (message: string) => failureOf(new Error(message)).message;

describe('what is shown of a failure', () => {
  test('is its reason and its message', () => {
    expect(failureOf(new CollectorError('login', 'the key is refused'))).toEqual({
      reason: 'login',
      message: 'the key is refused',
    });
    expect(failureOf('boom')).toEqual({ reason: 'internal', message: 'boom' });
  });

  test.each([
    ['more lines than one', '\n first\nsecond', 'first'],
    ['a trace behind other line breaks', 'first\u2028#0 login("root", "pw")', 'first'],
    ['control characters', 'a\u001b[31mb\u202ec\u0000', 'a\ufffd[31mb\ufffdc\ufffd'],
    ['a user in an address', 'GET http://me:pw@x.example/ failed', 'GET http://<secret>@x.example/ failed'],
    ['a password', 'login with password=hunter2 failed', 'login with password=<secret> failed'],
    ['one in quotes', `{"db_password": "a b c", "x": 1}`, `{"db_password": <secret>, "x": 1}`],
    ['a header', 'authorization: Basic c3Rld2FyZDpwdw== refused', 'authorization: <secret> refused'],
    ['a token by itself', 'sent Bearer abcdefgh1234', 'sent Bearer <secret>'],
    ['an API key', 'x?api_key=abc', 'x?api_key=<secret>'],
  ])('has nothing left of %s', (_what, message, shown) => {
    expect(messageOf(message)).toBe(shown);
  });

  test('is cut, between characters', () => {
    expect(messageOf('x'.repeat(1e6))).toBe(`${'x'.repeat(300)}…`);
    expect(messageOf(`${'x'.repeat(299)}😀`).isWellFormed()).toBe(true);
  });
});
