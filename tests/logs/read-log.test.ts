import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogFormat } from '../../inventory/schema/log-file.ts';
import { freqtradeKindOf } from '../../logs/freqtrade-log.ts';
import { logLevels, type LogEvent } from '../../logs/log-event.ts';
import { readWholeLog as read } from '../helpers/read-whole-log.ts';

const fixture = (name: string) => readFile(new URL(`../fixtures/logs/${name}`, import.meta.url));

const logs: readonly [file: string, format: LogFormat, events: number][] = [
  ['php_error.log', 'php-error', 24],
  ['wp_debug.log', 'wordpress-debug', 14],
  ['nginx_error.log', 'nginx-error', 47],
  ['nginx_access.log', 'nginx-access', 17],
  ['php-fpm.log', 'php-fpm', 22],
  ['php-slow.log', 'php-fpm-slow', 1],
  ['apache_error.log', 'apache-error', 4],
  ['freqtrade.log', 'freqtrade', 7],
];

const phpFatals = (events: readonly LogEvent[]) => events.filter(({ level }) => level === 'fatal');

describe('real logs', () => {
  test.each(logs)('%s is read whole', async (file, format, count) => {
    const { items, dropped, cut } = read(format, await fixture(file));
    expect({ count: items.length, dropped, cut }).toEqual({ count, dropped: 0, cut: 0 });
  });

  test.each(logs)('%s gives the same however it is cut into pieces', async (file, format) => {
    const bytes = await fixture(file);
    const whole = read(format, bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(read(format, bytes, sizes)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test.each(logs)('%s with CRLF gives the same as with LF', async (file, format) => {
    const bytes = await fixture(file);
    const withCrLf = Buffer.from(bytes.toString().replaceAll('\n', '\r\n'));
    expect(read(format, withCrLf)).toEqual(read(format, bytes));
  });

  test.each(logs)('%s with junk between its bytes breaks nothing and stays bounded', async (file, format) => {
    const bytes = await fixture(file);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat({ max: bytes.length }),
        (junk, at) => {
          const spoilt = Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
          for (const { level, message, attribution } of read(format, spoilt).events) {
            expect(logLevels).toContain(level);
            expect(message.length).toBeLessThanOrEqual(2000);
            expect(attribution.slug).toMatch(/^[\w.\\-]{0,64}$/);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("PHP's own log: levels, places and traces", async () => {
    const { events } = read('php-error', await fixture('php_error.log'));
    expect(events[0]).toMatchObject({
      timeMs: Date.UTC(2026, 10, 23, 2, 39),
      level: 'fatal',
      source: 'php',
      message: 'Uncaught Error: Call to undefined function wp_foo_bar()',
      file: '/var/www/shop/cases.php',
      line: 5,
      frames: [],
    });
    expect(events[1]?.message).toBe(
      'Uncaught RuntimeException: Order 4711 failed\nsecond line of the message',
    );
    expect(events[3]?.frames).toEqual([
      { call: 'Cart->{closure}' },
      { call: 'array_map', file: '/var/www/shop/cases.php', line: 2 },
      { call: 'Cart->total', file: '/var/www/shop/cases.php', line: 3 },
      { call: 'checkout', file: '/var/www/shop/cases.php', line: 8 },
    ]);
    const count = (level: string) => events.filter((event) => event.level === level).length;
    expect(['fatal', 'warning', 'notice', 'deprecated', 'other'].map(count)).toEqual([11, 5, 2, 4, 2]);
  });

  test('an event is put down to the plugin in it, not to WordPress where it came to light', async () => {
    const { events } = read('wordpress-debug', await fixture('wp_debug.log'));
    expect(phpFatals(events).map(({ attribution }) => attribution)).toEqual([
      { kind: 'plugin', slug: 'acme-shop' },
      { kind: 'other', slug: 'acme_not_there' },
      { kind: 'plugin', slug: 'acme-shop' },
    ]);
    expect(events[0]?.attribution).toEqual({ kind: 'core', slug: '' });
    expect(events[3]).toMatchObject({ level: 'error', source: 'wordpress' });
  });

  test('the same fatals have the same fingerprints in the logs of nginx and of php-fpm, and are as many', async () => {
    const fromNginx = phpFatals(read('nginx-error', await fixture('nginx_error.log')).events);
    const fromFpm = phpFatals(read('php-fpm', await fixture('php-fpm.log')).events);
    const fromPhp = phpFatals(read('php-error', await fixture('php_error.log')).events);
    const known = new Set(fromPhp.map(({ fingerprint }) => fingerprint));
    expect(fromNginx.map(({ fingerprint }) => fingerprint)).toEqual(
      fromFpm.slice(0, -1).map(({ fingerprint }) => fingerprint),
    );
    expect(fromFpm).toHaveLength(5);
    expect(fromFpm.filter(({ fingerprint }) => !known.has(fingerprint))).toEqual([]);
    expect(new Set(fromFpm.map(({ fingerprint }) => fingerprint)).size).toBe(5);
  });

  test('the same fatal has the same fingerprint in both shapes of Apache', async () => {
    const [first] = read('php-error', await fixture('php_error.log')).events;
    const apache = read('apache-error', await fixture('apache_error.log')).events;
    expect(phpFatals(apache).map(({ fingerprint }) => fingerprint)).toEqual([
      first?.fingerprint,
      first?.fingerprint,
    ]);
    expect(apache.map(({ level, source }) => `${source} ${level}`)).toEqual([
      'apache notice',
      'php fatal',
      'php fatal',
      'apache error',
    ]);
  });

  test('several messages of PHP in one record of nginx are several events with their own levels', async () => {
    const { events } = read('nginx-error', await fixture('nginx_error.log'));
    expect(events.filter(({ source, level }) => source === 'php' && level === 'warning')).toHaveLength(3);
    expect(events.find(({ message }) => message.startsWith('upstream timed out'))).toMatchObject({
      source: 'nginx',
      level: 'error',
      message: 'upstream timed out (110: Connection timed out) while reading response header from upstream',
    });
  });

  test('a request of an access log, one that is no HTTP too', async () => {
    const { items } = read('nginx-access', await fixture('nginx_access.log'));
    expect(items[0]).toEqual({
      kind: 'request',
      timeMs: Date.UTC(2026, 10, 23, 2, 39, 34),
      method: 'GET',
      path: '/cases.php?c=undef_func',
      status: 500,
      agent: 'Mozilla/5.0 (X11; Linux x86_64)',
    });
    expect(items.at(-1)).toMatchObject({ method: '', path: '', status: 400 });
  });

  test('a request that took long, with where it was', async () => {
    expect(read('php-fpm-slow', await fixture('php-slow.log')).events).toMatchObject([
      {
        source: 'php-fpm-slow',
        message: 'slow request: /var/www/shop/cases.php',
        file: '/var/www/shop/cases.php',
        line: 19,
        frames: [{ call: 'usleep' }],
      },
    ]);
  });

  test('freqtrade: levels, kinds, and a traceback with its exception', async () => {
    const { events } = read('freqtrade', await fixture('freqtrade.log'));
    expect(events.map((event) => `${event.level} ${freqtradeKindOf(event)}`)).toEqual([
      'info other',
      'info heartbeat',
      'warning outdated_history',
      'warning retrying',
      'error stoploss',
      'warning temporary_error',
      'info state_change',
    ]);
    expect(events[4]).toMatchObject({ file: '/freqtrade/freqtrade/exchange/exchange.py', line: 1210 });
    expect(events[4]?.message).toMatch(/InvalidOrderException: Could not create stoploss order$/);
  });
});
