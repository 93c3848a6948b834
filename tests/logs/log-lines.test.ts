import { describe, expect, test } from '@jest/globals';
import type { LogFormat } from '../../inventory/schema/log-file.ts';
import type { RequestEvent } from '../../logs/log-event.ts';
import { endRecords, logStart, readLog } from '../../logs/read-log.ts';
import { LINE_LIMIT_BYTES } from '../../logs/split-lines.ts';
import { readWholeLog as read } from '../helpers/read-whole-log.ts';

const readText = (format: LogFormat, text: string) => read(format, Buffer.from(text));

describe('lines of every kind', () => {
  const fatal = (text: string) => `[23-Nov-2026 02:39:00 UTC] PHP Fatal error:  ${text}\n`;

  test('an order number makes no other fault of it, another function does', () => {
    const prints = ['Order 1 failed', 'Order 22 failed', 'Refund 1 failed'].map(
      (said) => readText('php-error', fatal(`Uncaught E: ${said} in /a.php:1`)).events[0]?.fingerprint,
    );
    expect(prints[0]).toBe(prints[1]);
    expect(prints[0]).not.toBe(prints[2]);
  });

  test('arguments in a trace are left out, wherever the log has them', () => {
    const trace = (call: string) =>
      fatal(
        `Uncaught E: x in /a.php:1\nStack trace:\n#0 /b.php(2): ${call}\n#1 {main}\n  thrown in /a.php on line 1`,
      );
    const [plain] = readText('php-error', trace('Cart->total()')).events;
    const [withSecret] = readText('php-error', trace("Cart->total('pass(word')")).events;
    expect(withSecret).toEqual(plain);
  });

  test('a line of 10 MB is cut and counted, and costs no other line', () => {
    const text = `${fatal('first in /a.php:1')}${fatal(`${'x'.repeat(10 * 1024 * 1024)} in /a.php:1`)}${fatal('last in /a.php:1')}`;
    const { events, cut } = read('php-error', Buffer.from(text), [1024 * 1024]);
    expect(cut).toBe(1);
    expect(events.map(({ message }) => message.slice(0, 5))).toEqual(['first', 'xxxxx', 'last']);
  });

  test('what is kept of a line and a record that never end is bounded', () => {
    const endless = readLog('php-error', logStart, Buffer.alloc(5 * 1024 * 1024, 'y'));
    expect(JSON.stringify(endless.position).length).toBeLessThan(LINE_LIMIT_BYTES + 200);
    const tall = readLog('php-error', logStart, Buffer.from(fatal('z') + 'more and more\n'.repeat(100_000)));
    expect(JSON.stringify(tall.position).length).toBeLessThan(200_000);
    expect(tall.dropped).toBe(99_501);
  });

  test('the hole of zeros that a truncated file begins with is skipped', () => {
    const bytes = Buffer.concat([Buffer.alloc(200_000), Buffer.from(fatal('after in /a.php:1'))]);
    expect(read('php-error', bytes, [70_000])).toMatchObject({ events: [{ message: 'after' }], dropped: 0 });
  });

  test('a record that nothing was added to is whole; what comes after it is not made part of it', () => {
    const begun = readLog('php-error', logStart, Buffer.from(`${fatal('a in /a.php:1')}#0 {ma`));
    expect(begun.items).toEqual([]);
    const ended = endRecords('php-error', begun.position);
    expect(ended.items).toMatchObject([{ message: 'a' }]);
    expect(readLog('php-error', ended.position, Buffer.from('in}\n'))).toMatchObject({
      items: [],
      dropped: 1,
    });
  });

  test('children of php-fpm that write between each other keep their own messages', () => {
    const line = (child: number, text: string) =>
      `[23-Nov-2026 02:39:34] WARNING: [pool www] child ${child} said into stderr: "${text}"\n`;
    const begin = (child: number) =>
      line(child, `NOTICE: PHP message: PHP Fatal error:  Uncaught E: ${child} in /a.php:${child}`);
    const { events } = readText(
      'php-fpm',
      begin(1) +
        begin(2) +
        line(1, 'Stack trace:') +
        line(2, 'Stack trace:') +
        line(1, '#0 /one.php(1): one()') +
        line(2, '#0 /two.php(2): two()'),
    );
    expect(events.map(({ line: at, frames }) => [at, frames.map(({ call }) => call)])).toEqual([
      [1, ['one']],
      [2, ['two']],
    ]);
  });

  test('a record that nginx cut in its trace is the same fault', () => {
    const record = (end: string) =>
      `2026/11/23 02:39:34 [error] 1#1: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught E: x in /a.php:1\nStack trace:\n#0 /b.php(2): f()${end}\n`;
    const [cut] = readText('nginx-error', record('')).events;
    const [whole] = readText(
      'nginx-error',
      record(
        '\n#1 {main}\n  thrown in /a.php on line 1" while reading response header from upstream, client: ::1',
      ),
    ).events;
    expect(cut?.fingerprint).toBe(whole?.fingerprint);
  });

  test.each([
    ['/srv/wp-content/plugins/hello.php', { kind: 'plugin', slug: 'hello' }],
    ['/srv/wp-content/themes/acme/functions.php', { kind: 'theme', slug: 'acme' }],
    ['/srv/wp-content/mu-plugins/loader.php', { kind: 'mu-plugin', slug: 'loader' }],
    ['/srv/wp-content/plugins/$(reboot)/x.php', { kind: 'plugin', slug: '' }],
    ['/srv/wp-includes/plugin.php', { kind: 'core', slug: '' }],
    ['/srv/own/code.php', { kind: 'other', slug: '' }],
  ])('code in %s belongs to %j', (file, attribution) => {
    expect(readText('php-error', fatal(`bad in ${file} on line 3`)).events[0]?.attribution).toEqual(
      attribution,
    );
  });

  test("a database error is put down to the plugin of WordPress's own trace", () => {
    const text =
      "[23-Nov-2026 02:40:24 UTC] WordPress database error Table 'x' doesn't exist for query SELECT 1 made by require('index.php'), include_once('/plugins/acme/acme.php'), acme_query\n";
    expect(readText('wordpress-debug', text).events[0]?.attribution).toEqual({
      kind: 'plugin',
      slug: 'acme',
    });
  });

  test.each([
    ['nginx-access', ' 0.042', 0.042],
    ['nginx-access', ' "9.999" rt=0.042 uct=0.001', 9.999],
    ['nginx-access', ' rt=1.500 urt="0.9"', 1.5],
    ['nginx-access', ' 1234', undefined],
    ['apache-access', ' 1234', 0.001234],
    ['apache-access', '', undefined],
  ] as const)('%s that ends with "%s" says that the request took %p s', (format, end, seconds) => {
    const line = `1.2.3.4 - - [23/Nov/2026:02:39:35 +0000] "GET / HTTP/1.1" 200 5 "-" "agent 0.001 \\" 0.002"${end}\n`;
    expect((readText(format, line).items[0] as RequestEvent).durationSeconds).toBe(seconds);
  });

  test('the name of the virtual host may stand first, and a user may be named', () => {
    const line =
      'shop.example.com:443 1.2.3.4 - some one [23/Nov/2026:02:39:35 +0100] "HEAD /x HTTP/1.1" 304 -\n';
    expect(readText('apache-access', line).items).toMatchObject([{ method: 'HEAD', status: 304 }]);
  });

  test.each<[LogFormat, string]>([
    ['php-error', '[23-Nov-2026 in [ in [ in '],
    ['nginx-access', 'a [[[[ "\\"\\" " ['],
    ['nginx-error', '2026/11/23 02:39:34 [error] 1#1: FastCGI sent in stderr: "PHP message: " while ; '],
    ['apache-error', "[Mon Nov 23 02:39:34 2026] [a:error] [pid 1] \\n\\n'PHP message: , referer: "],
    [
      'php-fpm',
      '[23-Nov-2026 02:39:34] WARNING: [pool www] child 1 said into stderr: "NOTICE: PHP message: ',
    ],
    ['freqtrade', '2022-06-14 16:28:32,698 - a - ERROR - x returned exception: '],
  ])('a hostile line of %s does not hold up the reading', (format, seed) => {
    const line = seed + seed.slice(-16).repeat(4000);
    const { items, dropped } = readText(format, `${line}\n`.repeat(20));
    expect(items.length + dropped).toBeGreaterThanOrEqual(20);
  });
});
