import { describe, expect, test } from '@jest/globals';
import { permissions } from '../../../exporter/collectors/permissions.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
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
    expect(counts).toHaveLength(6);
    expect(counts.every(({ value }) => value === 0)).toBe(true);
  });

  test('violations are counted by part of the site, in names of every kind', async () => {
    const site = target([
      '666\troot\twww-data\tf\t1\twp-config.php',
      '777\twww-data\twww-data\td\t2\twp-content/uploads/a\nb',
    ]);
    const samples = [...(await collect(site)), ...(await readTree(site))];
    const shown = (name: string, ...labelNames: string[]): string[] =>
      samples
        .filter(({ metric, value }) => metric.name === name && value > 0)
        .map(({ labels, value }) => `${labelNames.map((label) => labels[label]).join(' ')} ${value}`);
    const [kinds, groups] = [['scope', 'violation'], ['path_group']];
    expect(shown('wordpress_path_permission_violations', ...kinds)).toEqual([
      'sentinels owner 1',
      'sentinels world_writable 2',
      'sentinels mode_too_open 2',
      'tree owner 1',
      'tree world_writable 2',
      'tree mode_too_open 2',
    ]);
    expect(shown('wordpress_path_group_permission_violations', ...kinds, ...groups)).toEqual([
      'sentinels owner config 1',
      'sentinels world_writable config 1',
      'sentinels world_writable uploads 1',
      'sentinels mode_too_open config 1',
      'sentinels mode_too_open uploads 1',
      'tree owner config 1',
      'tree world_writable config 1',
      'tree world_writable uploads 1',
      'tree mode_too_open config 1',
      'tree mode_too_open uploads 1',
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
