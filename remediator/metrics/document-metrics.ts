import { inventorySchema } from '../../inventory/schema/inventory.ts';
import type { DescribedMetric } from './described-metric.ts';
import { createMetrics } from './metrics.ts';

/** The remediator's metrics, from what its registry says of them. None is read. */
export function documentRemediator(): readonly DescribedMetric[] {
  return createMetrics({
    active: () => 0,
    lastReload: () => ({ successful: true, succeededAtMs: 0 }),
    inventory: () => inventorySchema.parse({}),
    journal: {
      pause: () => Promise.resolve(undefined),
      countAwaitingApproval: () => Promise.resolve(0),
      countOwed: () => Promise.resolve(0),
      alertsInHand: () => Promise.resolve([]),
      lastActions: () => Promise.resolve([]),
      ballastBytes: () => 0,
    },
  }).describe();
}
