import { metricsDocument } from '../../exporter/document-metrics.ts';

/** The metrics of the exporter, as its collectors document them. */
export const exporterMetrics: ReadonlySet<string> = new Set(
  [...metricsDocument().matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);

/** Those of the remediator that rules and dashboards use, and Prometheus's own two. */
export const otherMetrics: ReadonlySet<string> = new Set([
  'up',
  'ALERTS',
  'steward_remediator_runs_total',
  'steward_remediator_verified_seconds_bucket',
]);
