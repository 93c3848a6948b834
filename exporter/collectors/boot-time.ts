import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const bootTime = gauge('host_boot_time_seconds', 'When the host was started, in seconds since the epoch.');
const uptime = gauge('host_uptime_seconds', 'How long the host has run, in seconds.');

/** When the host was started, and how long it has run. */
export const boot: Collector<HostTarget> = {
  name: 'boot',
  metrics: [bootTime, uptime],
  collect: async ({ facts }, signal) => parseBoot(await facts(signal)),
};

/** Reads `btime` of /proc/stat and the first number of /proc/uptime. */
export function parseBoot({
  stat,
  uptime: uptimeText,
}: {
  readonly stat: string;
  readonly uptime: string;
}): Sample[] {
  const started = /^btime (\d+)$/m.exec(stat)?.[1];
  const seconds = Number.parseFloat(uptimeText);
  if (started === undefined || !Number.isFinite(seconds)) {
    throw new CollectorError(
      'bad_answer',
      '/proc/stat or /proc/uptime does not say when the host was started',
    );
  }
  return [sample(bootTime, Number(started)), sample(uptime, seconds)];
}
