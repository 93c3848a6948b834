import { describe, expect, test } from '@jest/globals';
import { wordpress } from '../../../../exporter/collectors/wordpress/wordpress.ts';
import type { SiteTarget } from '../../../../exporter/targets/target.ts';
import type { Host, Outcome } from '../../../../hosts/host.ts';
import { siteSchema } from '../../../../inventory/schema/site.ts';
import { collectAll } from '../../../helpers/collect.ts';

const MARKER = '\n=== steward-wordpress-probe\n';
const entry = siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/var/www/x', owner: 'www-data' });

/** A site whose host prints this, whatever it is asked. */
function siteThatPrints(printed: string | Buffer, changes: Partial<Outcome> = {}): SiteTarget {
  const output = { stdout: Buffer.from(printed), stderr: Buffer.alloc(0), truncated: false };
  const run = () => Promise.resolve({ kind: 'succeeded', ...output, ...changes } as Outcome);
  return { id: 'blog', entry, host: { id: 'web1', user: 'steward', kind: 'ssh', run } as unknown as Host };
}

/** The samples of a site, as text. */
async function read(target: SiteTarget): Promise<string[]> {
  const samples = await collectAll(wordpress, target);
  return samples.map(({ metric, labels, value }) => {
    const pairs = Object.entries(labels).map(([name, label]) => `${name}=${JSON.stringify(label)}`);
    return `${metric.name}{${pairs.join(',')}} ${value}`;
  });
}

const answer = (parts: object, rest: object = {}) =>
  `${MARKER}${JSON.stringify({ version: 1, parts, errors: [], ...rest })}\n`;
const cron = { events: 3, overdue: 0, duplicates: 0, oldest_due: 5, disabled: false };
const seriesOf = (samples: readonly string[], name: string) =>
  samples.filter((text) => text.startsWith(`${name}{`));

describe('an answer', () => {
  test('with no part at all says so of each, and that WordPress is down', async () => {
    const samples = await read(siteThatPrints(answer({})));
    expect(samples[0]).toBe('wordpress_up{} 0');
    expect(samples).toHaveLength(14);
    expect(seriesOf(samples, 'wordpress_probe_part_success').every((text) => text.endsWith(' 0'))).toBe(true);
  });

  test('is taken from after its last mark, whatever the site prints before it', async () => {
    const samples = await read(siteThatPrints(`Notice: x${MARKER}<html>${answer({ cron })}bye`));
    expect(samples).toContain('wordpress_cron_events{} 3');
  });

  test.each<[string, object]>([
    ['is a text', { cron: '<html>' }],
    ['is a list', { cron: [] }],
    ['lacks a number', { cron: { ...cron, events: undefined } }],
    ['has a number below zero', { cron: { ...cron, events: -1 } }],
    ['has a text for a number', { cron: { ...cron, events: '3' } }],
    ['has a time after the year 9999', { cron: { ...cron, oldest_due: 1e15 } }],
  ])('of which one part %s costs the series of that part alone', async (_what, parts) => {
    const samples = await read(siteThatPrints(answer({ load: { maintenance: false }, ...parts })));
    expect(samples).toContain('wordpress_up{} 1');
    expect(samples).toContain('wordpress_probe_part_success{part="cron"} 0');
    expect(seriesOf(samples, 'wordpress_cron_events')).toEqual([]);
  });

  test('with an infinite number costs the series of that part alone', async () => {
    const printed = answer({ cron }).replace('"events":3', '"events":1e999');
    expect(await read(siteThatPrints(printed))).toContain('wordpress_probe_part_success{part="cron"} 0');
  });

  test('with names that mean harm is bounded in number and length', async () => {
    const named = Array.from({ length: 200 }, (_value, index) => ({
      slug: `${index}\u0000\n"}${'x'.repeat(5000)}`,
      version: '1.0',
      status: 'active',
      auto_update: false,
      update: null,
    }));
    const themes = { active: 200, inactive: 0, auto_update: 0, named };
    const samples = await read(siteThatPrints(answer({ themes })));
    const series = seriesOf(samples, 'wordpress_extension_info');
    expect(series).toHaveLength(100);
    expect(series.every((text) => text.length < 300 && !/\p{Cc}/u.test(text))).toBe(true);
  });

  test('with more names than the host would give is refused', async () => {
    const roles = Object.fromEntries(Array.from({ length: 101 }, (_value, index) => [`r${index}`, 1]));
    expect(await read(siteThatPrints(answer({ users: { roles } })))).toContain(
      'wordpress_probe_part_success{part="users"} 0',
    );
  });

  test('puts roles beyond the 15 with the most users together', async () => {
    const roles = Object.fromEntries(Array.from({ length: 20 }, (_value, index) => [`r${index}`, index + 1]));
    const samples = await read(siteThatPrints(answer({ users: { roles } })));
    expect(seriesOf(samples, 'wordpress_users')).toHaveLength(22);
    expect(samples).toContain('wordpress_users{role="other"} 15');
  });

  test.each<[string, SiteTarget, string]>([
    ['has no mark', siteThatPrints('<html>502</html>'), 'bad_answer'],
    ['is a page after the mark', siteThatPrints(`${MARKER}<html>`), 'bad_answer'],
    ['ends in the middle', siteThatPrints(answer({ cron }).slice(0, -20)), 'bad_answer'],
    ['is not UTF-8', siteThatPrints(Buffer.from([0xff, 0xfe, 0x0a, 0x80])), 'bad_answer'],
    ['is of another version', siteThatPrints(answer({}, { version: 2 })), 'bad_answer'],
    ['has no parts', siteThatPrints(`${MARKER}null\n`), 'bad_answer'],
    ['is too long', siteThatPrints(answer({}), { truncated: true }), 'bad_answer'],
    ['never came', siteThatPrints('', { kind: 'unknown', reason: 'lost' }), 'timeout'],
    [
      'could not be asked for: the dispatcher is an old one',
      siteThatPrints('', { kind: 'failed', exitCode: 77, reason: 'exit code 77' }),
      'refused',
    ],
    [
      'could not be asked for: the host is away',
      siteThatPrints('', { kind: 'failed', reason: 'no', code: 'unreachable' }),
      'unreachable',
    ],
  ])('that %s is a failure with a reason', async (_what, target, reason) => {
    await expect(read(target)).rejects.toMatchObject({ name: 'CollectorError', reason });
  });
});
