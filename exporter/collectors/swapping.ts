import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { counter, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';
import { vmstatCounter } from './vmstat.ts';

/** Pages, as the kernel counts: how many bytes one has, which is 4096 on most machines, it says to programs only. */
const fields = [
  ['pswpin', counter('host_memory_swapped_in_pages_total', 'Memory pages read back from swap since boot.')],
  ['pswpout', counter('host_memory_swapped_out_pages_total', 'Memory pages written to swap since boot.')],
] as const;

/** Traffic between memory and swap. That some swap is used is no harm; that it is read all the time is. */
export const swapping: Collector<HostTarget> = {
  name: 'swapping',
  metrics: fields.map(([, metric]) => metric),
  collect: async ({ facts }, signal) => parseSwapping((await facts(signal)).vmstat),
};

/** Reads `pswpin` and `pswpout` of /proc/vmstat. */
export function parseSwapping(vmstat: string): Sample[] {
  return fields.map(([name, metric]) => {
    const value = vmstatCounter(vmstat, name);
    if (value === undefined) throw new CollectorError('bad_answer', `/proc/vmstat has no ${name}`);
    return sample(metric, value);
  });
}
