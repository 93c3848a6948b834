import { documentedMetrics, seriesNamesOf } from '../helpers/documented-metrics.ts';
import { recordingRules } from '../rules/rule-files.ts';

const namesOf = (program: 'exporter' | 'remediator'): ReadonlySet<string> =>
  new Set(documentedMetrics.filter(({ of }) => of === program).flatMap(seriesNamesOf));

/** The metrics of the exporter, as docs/metrics.md has them. */
export const exporterMetrics = namesOf('exporter');

/** The metrics of the remediator, as docs/metrics.md has them. */
export const remediatorMetrics = namesOf('remediator');

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
