import type { Collector } from '../collector.ts';
import { gauge, sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const up = gauge('host_up', 'Whether the host let Steward in and answered, 0 or 1.');

/** Whether the host can be reached. That it cannot, or does not answer in time, is the answer and not a failure. */
export const reachability: Collector<HostTarget> = {
  name: 'reachability',
  metrics: [up],
  async collect({ reach }, signal) {
    try {
      await reach(signal);
      return [sample(up, 1)];
    } catch {
      return [sample(up, 0)];
    }
  },
};
