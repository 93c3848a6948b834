import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { counter, gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const cpuSeconds = counter(
  'host_cpu_seconds_total',
  'Time that all CPUs together spent in each mode since boot, in seconds.',
  ['mode'],
);
const cpuCount = gauge('host_cpus', 'Number of CPUs.');

/** The first eight columns of the `cpu` line (proc(5)). Guest time is part of user time already. */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
/** USER_HZ, which is 100 on every architecture that Linux runs WordPress on. */
const TICKS_PER_SECOND = 100;

/** CPU time by mode. */
export const cpu: Collector<HostTarget> = {
  name: 'cpu',
  metrics: [cpuSeconds, cpuCount],
  collect: async ({ facts }, signal) => parseCpu((await facts(signal)).stat),
};

/** Reads /proc/stat. */
export function parseCpu(stat: string): Sample[] {
  const columns = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (columns === undefined || columns.length < MODES.length) {
    throw new CollectorError('bad_answer', '/proc/stat has no line for all CPUs');
  }
  return [
    ...MODES.map((mode, index) => sample(cpuSeconds, (columns[index] ?? 0) / TICKS_PER_SECOND, { mode })),
    sample(cpuCount, stat.match(/^cpu\d+ /gm)?.length ?? 0),
  ];
}
