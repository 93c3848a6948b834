import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const metrics = [
  gauge('host_load1', 'Programs that ran or waited, averaged over 1 minute.'),
  gauge('host_load5', 'Programs that ran or waited, averaged over 5 minutes.'),
  gauge('host_load15', 'Programs that ran or waited, averaged over 15 minutes.'),
];

/** Load averages. */
export const load: Collector<HostTarget> = {
  name: 'load',
  metrics,
  collect: async ({ facts }, signal) => parseLoad((await facts(signal)).loadavg),
};

/** Reads /proc/loadavg. */
export function parseLoad(loadavg: string): Sample[] {
  const values = loadavg.split(' ').slice(0, metrics.length).map(Number);
  return metrics.map((metric, index) => {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value))
      throw new CollectorError('bad_answer', '/proc/loadavg does not hold three numbers');
    return sample(metric, value);
  });
}
