import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { askHostFacts } from '../../exporter/clients/host-facts.ts';
import { createCollectors } from '../../exporter/collectors.ts';
import { once } from '../../exporter/scrape/once.ts';
import { renderMetrics } from '../../exporter/metrics/render.ts';
import { scrapeSamples } from '../helpers/scrape-samples.ts';
import type { HostTarget } from '../../exporter/targets/target.ts';
import type { Host } from '../../hosts/host.ts';
import { hostSchema } from '../../inventory/schema/host.ts';
import { parseMetrics } from '../helpers/parse-metrics.ts';

/** A host that answers everything with the same text. A real one could be made to by whoever has broken into it. */
function hostThatSays(stdout: Buffer): Host {
  const never = () => Promise.reject(new Error('not asked'));
  return {
    id: 'hostile',
    user: 'steward',
    kind: 'ssh',
    run: () => Promise.resolve({ kind: 'succeeded', stdout, stderr: Buffer.alloc(0), truncated: false }),
    readFile: never,
    stat: never,
    close: () => Promise.resolve(),
  };
}

const osInfo = () => Promise.resolve({ distribution: 'd', release: 'r', kernel: 'k', architecture: 'a' });
const collectors = createCollectors({
  wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
  vulnerabilitiesUrl: () => undefined,
  stateFolder: () => '',
  osInfo,
}).host;

async function page(stdout: Buffer): Promise<string> {
  const host = hostThatSays(stdout);
  const facts = once((signal: AbortSignal) => askHostFacts(host, signal));
  const target: HostTarget = {
    id: 'hostile',
    entry: hostSchema.parse({ local: true }),
    host,
    facts,
    reach: facts,
  };
  return renderMetrics(
    await scrapeSamples(collectors, target, { timeoutMs: 5000, onError: () => undefined }),
  );
}

const FILES = [
  '/proc/stat',
  '/proc/meminfo',
  '/proc/loadavg',
  '/proc/uptime',
  '/proc/net/dev',
  '/proc/mounts',
  '/proc/diskstats',
  '/proc/vmstat',
  '/proc/sys/fs/file-nr',
  'clock',
  'filesystems',
];
const sections = (text: string) => FILES.map((name) => `==> ${name} <==\n${text}\n`).join('');

describe('what a hostile host says', () => {
  test.each<[what: string, stdout: Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['HTML', Buffer.from('<html><body>502</body></html>')],
    ['bytes that are no text', Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256))],
    ['the sections, empty', Buffer.from(sections(''))],
    ['the sections, with lines of garbage', Buffer.from(sections('a b c d e f g\n'.repeat(50_000)))],
    [
      'numbers that are none',
      Buffer.from(
        sections(
          'cpu  NaN NaN NaN NaN NaN NaN NaN NaN\nMemTotal: NaN kB\nNaN NaN NaN\n1 0 sda NaN NaN\n  eth0: NaN NaN\n/dev/sda1 / ext4 rw 0 0\nNaN NaN NaN NaN NaN NaN /\npswpin NaN\noom_kill -1\n',
        ),
      ),
    ],
    [
      'numbers without end',
      Buffer.from(
        sections(
          `cpu  ${`${'9'.repeat(400)} `.repeat(10)}\n8 0 sda ${`${'9'.repeat(400)} `.repeat(11).trim()}\n eth0: ${`${'9'.repeat(400)} `.repeat(16)}\npswpin ${'9'.repeat(400)}\noom_kill ${'9'.repeat(400)}\n`,
        ),
      ),
    ],
    [
      'names that look like metrics',
      Buffer.from(
        sections(
          '/dev/"}\\012host_up\\0400 /mnt/"}\\040host_up{a="b"} ext4 rw 0 0\n  eth"}: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n8 0 a"b 1 2 3 4 5 6 7 8 9 10 11\n',
        ),
      ),
    ],
  ])('is a page that Prometheus can read: %s', async (_what, stdout) => {
    const text = await page(stdout);
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const values = parseMetrics(text);
    expect([...values.values()].filter((value) => !Number.isFinite(value))).toEqual([]);
    expect(values.get('steward_scrape_collector_success{collector="cpu"}')).toBe(0);
    expect(values.size).toBeLessThan(200);
  });
});
