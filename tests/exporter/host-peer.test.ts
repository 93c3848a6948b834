import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCollectors } from '../../exporter/collectors.ts';
import { askHostFacts } from '../../exporter/clients/host-facts.ts';
import { createLocalFactsReader } from '../../exporter/clients/local-facts.ts';
import type { Sample } from '../../exporter/metrics/metric.ts';
import { once } from '../../exporter/scrape/once.ts';
import { renderMetrics } from '../../exporter/metrics/render.ts';
import { scrapeSamples } from '../helpers/scrape-samples.ts';
import type { HostTarget } from '../../exporter/targets/target.ts';
import type { Host } from '../../hosts/host.ts';
import { createLocalHost } from '../../hosts/local/local-host.ts';
import { hostSchema } from '../../inventory/schema/host.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../helpers/hardened-host.ts';
import { parseMetrics } from '../helpers/parse-metrics.ts';
import { startNodeExporter, type Peer } from '../helpers/peers.ts';

let folder: TempFolder;
let node: Peer;
let hardened: HardenedHost;
let hosts: Record<'local' | 'ssh', Host>;

beforeAll(async () => {
  folder = await createTempFolder('steward-peer');
  node = await startNodeExporter(folder.path);
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: '{}' });
  hosts = { local: createLocalHost('here', 'steward'), ssh: hardened.open('read') };
}, 60_000);
afterAll(async () => {
  await Promise.all(Object.values(hosts).map((host) => host.close()));
  await hardened.remove();
  await node.process.stop();
  await folder.remove();
});

const osInfo = () => Promise.resolve({ distribution: 'd', release: 'r', kernel: 'k', architecture: 'a' });
const collectors = createCollectors({
  wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
  vulnerabilitiesUrl: () => undefined,
  stateFolder: () => '',
  osInfo,
}).host;

const readLocalFacts = createLocalFactsReader();

/** For one scrape, as the exporter makes it. */
function target(kind: keyof typeof hosts): HostTarget {
  const host = hosts[kind];
  const facts = once((signal: AbortSignal) =>
    kind === 'local' ? readLocalFacts() : askHostFacts(host, signal),
  );
  return { id: 'here', entry: hostSchema.parse({ local: true }), host, facts, reach: facts };
}

async function ours(kind: keyof typeof hosts): Promise<ReadonlyMap<string, number>> {
  const onError = (collector: string, _reason: string, error: unknown) => {
    throw new Error(`${collector} failed`, { cause: error });
  };
  const samples: readonly Sample[] = await scrapeSamples(collectors, target(kind), {
    timeoutMs: 10_000,
    onError,
  });
  const text = await renderMetrics(samples);
  const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return parseMetrics(text);
}

async function theirs(): Promise<ReadonlyMap<string, number>> {
  const seen = parseMetrics(await (await fetch(`${node.url}/metrics`)).text());
  const sums = new Map(seen);
  for (const [series, value] of seen) {
    const allCpus = series.replace(/^(node_cpu_seconds_total\{)cpu="\d+",/, '$1');
    if (allCpus !== series) sums.set(allCpus, (sums.get(allCpus) ?? 0) + value);
  }
  return sums;
}

const MEBIBYTE = 1024 * 1024;

/** Our names, theirs, and how far ours may be outside of what they say before and after. */
const pairs: readonly (readonly [our: RegExp, their: string, tolerance: number])[] = [
  [/^host_(cpu_seconds_total)/, 'node_$1', 0.2],
  [/^host_memory_total_bytes/, 'node_memory_MemTotal_bytes', 0],
  [/^host_memory_available_bytes/, 'node_memory_MemAvailable_bytes', 256 * MEBIBYTE],
  [/^host_memory_free_bytes/, 'node_memory_MemFree_bytes', 256 * MEBIBYTE],
  [/^host_memory_cached_bytes/, 'node_memory_Cached_bytes', 256 * MEBIBYTE],
  [/^host_memory_buffers_bytes/, 'node_memory_Buffers_bytes', 64 * MEBIBYTE],
  [/^host_memory_swap_total_bytes/, 'node_memory_SwapTotal_bytes', 0],
  [/^host_memory_swap_free_bytes/, 'node_memory_SwapFree_bytes', 64 * MEBIBYTE],
  [/^host_memory_swapped_in_pages_total/, 'node_vmstat_pswpin', 0],
  [/^host_memory_swapped_out_pages_total/, 'node_vmstat_pswpout', 0],
  [/^host_oom_kills_total/, 'node_vmstat_oom_kill', 0],
  [/^host_(load\d+)$/, 'node_$1', 0.5],
  [/^host_(filesystem_size_bytes|filesystem_files|filesystem_readonly)(?=\{)/, 'node_$1', 0],
  [/^host_(filesystem_(avail|free)_bytes)/, 'node_$1', 256 * MEBIBYTE],
  [/^host_(filesystem_files_free)/, 'node_$1', 20_000],
  [/^host_(disk_\w+)/, 'node_$1', 1e-6],
  [/^host_network_(receive|transmit)_bytes_total/, 'node_network_$1_bytes_total', 0],
  [/^host_network_(receive|transmit)_errors_total/, 'node_network_$1_errs_total', 0],
  [/^host_network_(receive|transmit)_dropped_total/, 'node_network_$1_drop_total', 0],
  [
    /^host_pressure_(waiting|stalled)_seconds_total\{resource="(\w+)"\}/,
    'node_pressure_$2_$1_seconds_total',
    1e-6,
  ],
  [/^host_files_open$/, 'node_filefd_allocated', 2000],
  [/^host_files_open_limit$/, 'node_filefd_maximum', 0],
  [/^host_conntrack_entries$/, 'node_nf_conntrack_entries', 1000],
  [/^host_conntrack_entries_limit$/, 'node_nf_conntrack_entries_limit', 0],
  [/^host_boot_time_seconds/, 'node_boot_time_seconds', 1],
];

/** Labels in the order of the alphabet, as node_exporter writes them. */
function sorted(series: string): string {
  const [, name = series, labels] = /^(\w+)\{(.*)\}$/.exec(series) ?? [];
  return labels === undefined
    ? name
    : `${name}{${(labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []).sort().join(',')}}`;
}

describe.each(['local', 'ssh'] as const)('the values of this machine, %s', (kind) => {
  test('are those of node_exporter', async () => {
    const before = await theirs();
    const own = await ours(kind);
    const after = await theirs();
    const compared = new Set<RegExp>();
    const outside: string[] = [];
    for (const [series, value] of own) {
      for (const [our, their, tolerance] of pairs) {
        const [first, second] = [before, after].map((page) => page.get(sorted(series.replace(our, their))));
        if (!our.test(series) || first === undefined || second === undefined) continue;
        compared.add(our);
        const [low, high] = [Math.min(first, second) - tolerance, Math.max(first, second) + tolerance];
        if (value < low || value > high) outside.push(`${series} ${value}, not ${low} to ${high}`);
      }
    }
    expect(outside).toEqual([]);
    // A kernel may count no pressure and follow no connections; all else is everywhere.
    const needed = pairs.filter(([our]) => !/pressure|conntrack/.test(our.source)).map(([our]) => our);
    expect(needed.filter((our) => !compared.has(our))).toEqual([]);
  });
});

test('over SSH, the clock of the same machine differs by no more than the error that is told', async () => {
  const own = await ours('ssh');
  const error = own.get('host_clock_difference_error_seconds') ?? Number.NaN;
  expect(Math.abs(own.get('host_clock_difference_seconds') ?? Number.NaN)).toBeLessThanOrEqual(error);
});
