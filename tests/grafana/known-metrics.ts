import { metricsDocument } from '../../exporter/document-metrics.ts';
import { inventorySchema } from '../../inventory/schema/inventory.ts';
import { createMetrics } from '../../remediator/metrics.ts';
import { recordingRules } from '../rules/rule-files.ts';

/** The metrics of the exporter, as its collectors document them. */
export const exporterMetrics: ReadonlySet<string> = new Set(
  [...metricsDocument().matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);

const remediator = createMetrics({
  active: () => 0,
  lastReload: () => ({ successful: true, succeededAtMs: 0 }),
  inventory: () => inventorySchema.parse({}),
  journal: {
    pause: () => Promise.resolve(undefined),
    countAwaitingApproval: () => Promise.resolve(0),
    alertsInHand: () => Promise.resolve([]),
    ballastBytes: () => 0,
  },
});

/** The metrics of the remediator, as its page has them. */
export const remediatorMetrics: ReadonlySet<string> = new Set(
  [...(await remediator.render()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);

/** The metrics of Prometheus and Alertmanager that rules and dashboards use. */
export const otherMetrics: ReadonlySet<string> = new Set([
  'up',
  'ALERTS',
  'ALERTS_FOR_STATE',
  'alertmanager_notifications_failed_total',
  'alertmanager_config_last_reload_successful',
  'prometheus_rule_evaluation_failures_total',
  'prometheus_config_last_reload_successful',
]);

/** The metrics that the rules record. */
export const recordedMetrics: ReadonlySet<string> = new Set(recordingRules.map(({ record }) => record));
