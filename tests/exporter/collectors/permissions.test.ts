import { describe, expect, test } from '@jest/globals';
import { permissions } from '../../../exporter/collectors/permissions.ts';
import type { SiteTarget } from '../../../exporter/target.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';

const entry = siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/var/www/x', owner: 'www-data' });

/** A host whose dispatcher prints these records, whatever it is asked. */
function target(records: readonly string[], changes: Partial<Outcome> = {}): SiteTarget {
  const output = {
    stdout: Buffer.from(records.map((text) => `${text}\0`).join('')),
    stderr: Buffer.alloc(0),
    truncated: false,
  };
  const run = () => Promise.resolve({ kind: 'succeeded', ...output, ...changes } as Outcome);
  return { id: 'blog', entry, host: { id: 'web1', user: 'steward', kind: 'ssh', run } as unknown as Host };
}

const good = '644\twww-data\twww-data\tf\t1\tindex.php';
const signal = new AbortController().signal;
const collect = async (site: SiteTarget) => (await permissions.collect?.(site, signal)) ?? [];
const readTree = async (site: SiteTarget) => (await permissions.background?.read(site, signal)) ?? [];

describe('permissions', () => {
  test('all kinds of violations are there from the beginning, as zero', async () => {
    const samples = await collect(target([good]));
    const counts = samples.filter(({ metric }) => metric.name === 'wordpress_path_permission_violations');
    expect(counts).toHaveLength(36);
    expect(counts.every(({ value }) => value === 0)).toBe(true);
  });

  test('violations are counted by part of the site, in names of every kind', async () => {
    const site = target([
      '666\troot\twww-data\tf\t1\twp-config.php',
      '777\twww-data\twww-data\td\t2\twp-content/uploads/a\nb',
    ]);
    const samples = [...(await collect(site)), ...(await readTree(site))];
    const found = samples.filter(
      ({ metric, value }) => metric.name === 'wordpress_path_permission_violations' && value > 0,
    );
    expect(
      found.map(({ labels }) => `${labels['scope']} ${labels['path_group']} ${labels['violation']}`),
    ).toEqual([
      'sentinels config owner',
      'sentinels config world_writable',
      'sentinels config mode_too_open',
      'sentinels uploads world_writable',
      'sentinels uploads mode_too_open',
      'tree config owner',
      'tree config world_writable',
      'tree config mode_too_open',
      'tree uploads world_writable',
      'tree uploads mode_too_open',
    ]);
  });

  test.each<[string, SiteTarget, string]>([
    [
      'is cut within a record',
      { ...target([]), host: target([], { stdout: Buffer.from(good) }).host },
      'bad_answer',
    ],
    ['is not records', target(['<html>']), 'bad_answer'],
    ['was cut at the limit', target([good], { truncated: true }), 'bad_answer'],
    ['never came', target([], { kind: 'unknown', reason: 'lost' }), 'timeout'],
    [
      'could not be asked for',
      target([], { kind: 'failed', reason: 'no', code: 'host_key_mismatch' }),
      'host_key',
    ],
  ])('an answer that %s is a failure with a reason, and never zero', async (_what, site, reason) => {
    await expect(collect(site)).rejects.toMatchObject({ reason });
  });
});
