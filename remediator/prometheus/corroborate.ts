import type { Alert } from '../alerts/alert.ts';
import type { AlertingRule, PrometheusClient, VectorSample } from './prometheus-client.ts';

/** What shows that an alert is true: the expression of its rule, and the labels of the series that it holds for. */
export interface Corroboration {
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds what shows that an alert is true now, or undefined: the expression of a rule of its name, asked again, has a finite value for the alert's own
 * series, with the labels that count as the alert has them. `ALERTS` is not asked, since `for` and `keep_firing_for` make it
 * late in both directions. Rejects with a PrometheusError where Prometheus cannot be asked.
 */
export async function corroborate(
  prometheus: Pick<PrometheusClient, 'query' | 'alertingRules'>,
  alert: Alert,
  labelsThatCount: readonly string[],
): Promise<Corroboration | undefined> {
  const rules = (await prometheus.alertingRules()).filter((rule) => isRuleOf(rule, alert));
  for (const rule of rules) {
    const series = await prometheus.query(rule.query);
    const isVouchedFor = ({ labels }: VectorSample) =>
      labelsThatCount.every((label) => isEqualLabel(label, { ...labels, ...rule.labels }, alert.labels));
    const own = series.find((sample) => isSeriesOf(sample, rule, alert) && isVouchedFor(sample));
    if (own !== undefined) return { rule: rule.query, labels: own.labels };
  }
  return undefined;
}

/** Labels of a rule that are templates are not compared: what they become is known to Prometheus alone. */
function isRuleOf({ name, labels }: AlertingRule, alert: Alert): boolean {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return name === alert.labels['alertname'] && fixed.every(([label, value]) => alert.labels[label] === value);
}

/**
 * The series' labels, but for the metric's name and those that the rule sets, are all labels of the alert. The alert may have more:
 * Prometheus's external labels come with it.
 */
function isSeriesOf({ labels, value }: VectorSample, rule: AlertingRule, alert: Alert): boolean {
  const own = Object.entries(labels).filter(
    ([label]) => label !== '__name__' && !Object.hasOwn(rule.labels, label),
  );
  return own.every(([label, text]) => alert.labels[label] === text) && Number.isFinite(value);
}

function isEqualLabel(label: string, ours: Alert['labels'], theirs: Alert['labels']): boolean {
  return Object.hasOwn(ours, label) && Object.hasOwn(theirs, label) && ours[label] === theirs[label];
}
