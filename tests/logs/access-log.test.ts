import { expect, test } from '@jest/globals';
import { isFailedLogin, isXmlRpc } from '../../logs/access-log.ts';

const request = (method: string, path: string, status: number) =>
  ({ kind: 'request', method, path, status }) as const;

test.each([
  ['the form again', request('POST', '/wp-login.php', 200), true],
  ['the form again, in a folder', request('POST', '/blog/wp-login.php?action=login', 200), true],
  ['refused by a firewall', request('POST', '/wp-login.php', 403), true],
  ['a redirect: logged in', request('POST', '/wp-login.php', 302), false],
  ['the form looked at', request('GET', '/wp-login.php', 200), false],
  ['a lost password', request('POST', '/wp-login.php?action=lostpassword', 200), false],
  ['a site that is broken', request('POST', '/wp-login.php', 502), false],
  ['another page', request('POST', '/?x=/wp-login.php', 200), false],
])('a failed login: %s', (_what, item, expected) => {
  expect(isFailedLogin(item)).toBe(expected);
});

test('XML-RPC is told by its path alone', () => {
  expect(isXmlRpc(request('POST', '/xmlrpc.php?rsd', 200))).toBe(true);
  expect(isXmlRpc(request('GET', '/?xmlrpc.php', 200))).toBe(false);
});
