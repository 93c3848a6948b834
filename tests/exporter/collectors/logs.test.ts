import { expect, test } from '@jest/globals';
import { NoDataError } from '../../../exporter/collector.ts';
import { createLogsCollector } from '../../../exporter/collectors/logs.ts';
import { siteLogMetrics } from '../../../exporter/logs/log-metrics.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { collectAll } from '../../helpers/collect.ts';

const output = { stdout: Buffer.alloc(0), stderr: Buffer.from('refused: no such verb'), truncated: false };
const signal = new AbortController().signal;

/** A site on a host that answers whatever it is asked with one outcome. */
function target(logs: readonly unknown[], outcome: Partial<Outcome>): SiteTarget {
  const entry = siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data', logs });
  const run = () => Promise.resolve({ ...output, ...outcome } as Outcome);
  return { id: 'blog', entry, host: { id: 'web1', user: 'steward', kind: 'ssh', run } as unknown as Host };
}

const collect = (site: SiteTarget) =>
  collectAll(
    createLogsCollector(() => '/nonexistent', siteLogMetrics),
    site,
    signal,
  );
const log = { file: '/var/log/nginx/access.log', format: 'nginx-access' };

test('a site without logs has nothing to say of them, and that is no fault', async () => {
  await expect(collect(target([], { kind: 'unknown', reason: 'never asked' }))).rejects.toBeInstanceOf(
    NoDataError,
  );
});

test.each<[string, Partial<Outcome>, string]>([
  ['has an older dispatcher', { kind: 'failed', exitCode: 77, reason: 'exit code 77' }, 'refused'],
  ['says nothing', { kind: 'succeeded' }, 'bad_answer'],
  ['says something else', { kind: 'succeeded', stdout: Buffer.from('<html>\n') }, 'bad_answer'],
  ['says too much', { kind: 'succeeded', truncated: true }, 'bad_answer'],
  ['does not answer', { kind: 'unknown', reason: 'lost' }, 'timeout'],
])('a host that %s is a failure with a reason', async (_what, outcome, reason) => {
  await expect(collect(target([log], outcome))).rejects.toMatchObject({ reason });
});
