import type { Collector } from '../collector.ts';
import { gauge, sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const required = gauge(
  'host_reboot_required',
  'Whether an update waits for a restart of the host, as Debian and Ubuntu note in /run/reboot-required, 0 or 1.',
);

/** Whether an update waits for a restart of the host. */
export const rebootRequired: Collector<HostTarget> = {
  name: 'reboot-required',
  metrics: [required],
  collect: async ({ facts }, signal) => [sample(required, (await facts(signal)).isRebootRequired ? 1 : 0)],
};
