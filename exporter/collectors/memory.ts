import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

/** The fields of /proc/meminfo that are published (proc(5)). */
const fields = [
  ['MemTotal', gauge('host_memory_total_bytes', 'Memory of the host, in bytes.')],
  [
    'MemAvailable',
    gauge('host_memory_available_bytes', 'Memory that programs could have without swapping, in bytes.'),
  ],
  ['MemFree', gauge('host_memory_free_bytes', 'Memory that nothing uses, in bytes.')],
  ['Cached', gauge('host_memory_cached_bytes', 'Memory that holds file contents, in bytes.')],
  ['Buffers', gauge('host_memory_buffers_bytes', 'Memory that holds raw disk blocks, in bytes.')],
  ['SwapTotal', gauge('host_memory_swap_total_bytes', 'Swap space, in bytes.')],
  ['SwapFree', gauge('host_memory_swap_free_bytes', 'Swap space that nothing uses, in bytes.')],
] as const;

/** Memory and swap. */
export const memory: Collector<HostTarget> = {
  name: 'memory',
  metrics: fields.map(([, metric]) => metric),
  collect: async ({ facts }, signal) => parseMemory((await facts(signal)).meminfo),
};

/** Reads /proc/meminfo, whose "kB" are 1024 bytes. */
export function parseMemory(meminfo: string): Sample[] {
  const kibibytes = new Map(
    [...meminfo.matchAll(/^(\w+): +(\d+) kB$/gm)].map((match) => [match[1], Number(match[2])]),
  );
  return fields.map(([name, metric]) => {
    const value = kibibytes.get(name);
    if (value === undefined) throw new CollectorError('bad_answer', `/proc/meminfo has no ${name}`);
    return sample(metric, value * 1024);
  });
}
