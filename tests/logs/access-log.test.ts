import { expect, test } from '@jest/globals';
import { isFailedLogin, isVisit, isXmlRpc } from '../../logs/access-log.ts';

const request = (method: string, path: string, status: number) =>
  ({ kind: 'request', method, path, status, agent: 'Mozilla/5.0' }) as const;

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

test.each([
  ['a page', { path: '/' }, true],
  ['a page with a query', { path: '/?s=style.css' }, true],
  ['a script', { path: '/wp-admin/admin-ajax.php?action=x' }, true],
  ['a page whose name has a dot', { path: '/version-2.0' }, true],
  ['a page for one who does not say who it is', { path: '/', agent: '' }, true],
  ['a picture', { path: '/wp-content/uploads/a.JPEG' }, false],
  ['a style sheet', { path: '/style.css?ver=6.1' }, false],
  ["WordPress's own cron", { path: '/wp-cron.php?doing_wp_cron=1' }, false],
  ['Steward', { path: '/', agent: 'Steward' }, false],
  ['what is no HTTP', { path: '' }, false],
])('a visit: %s', (_what, item, expected) => {
  expect(isVisit({ ...request('GET', '/', 200), ...item })).toBe(expected);
});
