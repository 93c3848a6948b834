import { expect, test } from '@jest/globals';
import {
  countReading,
  durationBucketsSeconds,
  FATAL_SLUG_LIMIT,
  noCounts,
} from '../../../exporter/logs/log-counts.ts';
import type { LogFormat } from '../../../inventory/schema/log-file.ts';
import { logStart, readLog } from '../../../logs/read-log.ts';

function count(format: LogFormat, lines: readonly string[]) {
  const counts = noCounts();
  // One line more, so that the last one that counts has ended.
  countReading(counts, readLog(format, logStart, Buffer.from(`${[...lines, lines.at(-1)].join('\n')}\n`)));
  return counts;
}

const fatal = (slug: string) =>
  `[23-Nov-2026 02:40:25 UTC] PHP Fatal error:  bad in /srv/wp-content/plugins/${slug}/x.php on line 1`;
const request = (what: string, seconds: number) =>
  `1.2.3.4 - - [23/Nov/2026:02:39:35 +0000] "${what}" 200 5 "-" "-" ${seconds.toFixed(3)}`;

test('fatals are counted by plugin, and beyond the limit together: the first stay by name', () => {
  const names = Array.from({ length: FATAL_SLUG_LIMIT + 5 }, (_each, index) => `made-up-${index}`);
  const { fatals } = count('php-error', [...names, 'made-up-0'].map(fatal));
  expect(Object.keys(fatals)).toHaveLength(FATAL_SLUG_LIMIT + 1);
  expect(fatals['plugin made-up-0']).toBe(2);
  expect(fatals['plugin other']).toBe(5);
});

test('requests are counted in each bucket that they fit, with their sum', () => {
  const counts = count('nginx-access', [request('GET / HTTP/1.1', 0.25), request('GET / HTTP/1.1', 99)]);
  expect(counts).toMatchObject({ timedRequests: 2, durationSeconds: 99.25, requests: { '2xx': 2 } });
  expect(durationBucketsSeconds.filter((bucket) => counts.durationBuckets[String(bucket)] === 1)).toEqual(
    durationBucketsSeconds.filter((bucket) => bucket >= 0.25),
  );
});

test('logins that failed and XML-RPC are counted beside the requests', () => {
  expect(
    count('nginx-access', [
      request('POST /wp-login.php HTTP/1.1', 1),
      request('POST /xmlrpc.php HTTP/1.1', 1),
      request('GET / HTTP/1.1', 1),
    ]),
  ).toMatchObject({ loginFailures: 1, xmlRpc: 1, requests: { '2xx': 3 } });
});

test('a name that objects inherit is a name like others', () => {
  expect(count('php-error', [fatal('constructor')]).fatals).toEqual({ 'plugin constructor': 1 });
});

test('bad input is never a number that cannot be counted', () => {
  const counts = count('nginx-access', ['', 'x', request('GET /', 999_999)]);
  expect(counts.linesNotUnderstood).toBe(2);
  expect(counts.durationSeconds).toBe(999_999);
});
