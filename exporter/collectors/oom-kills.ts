import { NoDataError, type Collector } from '../collector.ts';
import { counter, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';
import { vmstatCounter } from './vmstat.ts';

const kills = counter(
  'host_oom_kills_total',
  'Programs that the kernel ended since boot because memory ran out, in containers too.',
);

/** What the kernel ended for want of memory. Kernels before 4.13 do not count it. */
export const oomKills: Collector<HostTarget> = {
  name: 'oom-kills',
  metrics: [kills],
  collect: async ({ facts }, signal) => parseOomKills((await facts(signal)).vmstat),
};

/** Reads `oom_kill` of /proc/vmstat. */
export function parseOomKills(vmstat: string): Sample[] {
  const value = vmstatCounter(vmstat, 'oom_kill');
  if (value === undefined) throw new NoDataError('the kernel does not count what it ends');
  return [sample(kills, value)];
}
