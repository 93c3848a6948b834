import { parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { documentedMetrics } from '../helpers/documented-metrics.ts';

/** Labels of the metrics that are not the exporter's. */
export const otherSeries: readonly (readonly [string, readonly string[]])[] = [
  ['up', []],
  ['instance:probe_failures:ratio1h', []],
  ['instance:probe_failures:ratio1d', []],
  ['instance:anomaly_input:avg5m', ['anomaly']],
  ['instance:anomaly_lower:bound', ['anomaly']],
  ['instance:anomaly_upper:bound', ['anomaly']],
  ['instance:anomaly_learning:bool', ['anomaly']],
  ['ALERTS', ['alertname', 'alertstate', 'severity', 'name']],
  ['ALERTS_FOR_STATE', ['alertname']],
  ['alertmanager_config_last_reload_successful', []],
  ['alertmanager_notifications_failed_total', ['integration']],
  ['prometheus_config_last_reload_successful', []],
  ['prometheus_rule_evaluation_failures_total', ['rule_group']],
  ['steward_remediator_runs_total', ['outcome', 'reason']],
  ['steward_remediator_attempts_total', ['policy', 'target', 'outcome']],
  ['steward_remediator_verified_seconds_bucket', ['le']],
  ['steward_remediator_alerts_total', []],
  ['steward_remediator_webhooks_total', ['result']],
  ['steward_remediator_interruptions_total', []],
  ['steward_remediator_runs_awaiting_approval', []],
  ['steward_remediator_paused', []],
  ['steward_remediator_last_drill_timestamp_seconds', ['target']],
  ['steward_remediator_journal_up', []],
  ['steward_remediator_alerts_truncated_total', []],
  ['steward_remediator_notifications_owed', []],
  ['steward_remediator_journal_ballast_bytes', []],
];

/** Targets that differ in how their values go, a minute apart: nothing, always 1, ever more, and more with a restart. */
const courses = {
  zero: '0x40',
  one: '1x40',
  growing: '1+60x40',
  restarted: '61+60x29 1+60x10',
} as const;

/** When the restart of the last target has just been. */
export const sampleTime = '30m';

/** A series for promtool to load. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** Series of every metric that queries ask for, on four targets, with the values of labels that they ask for and two otherSeries. */
export function sampleSeries(exprs: readonly string[]): InputSeries[] {
  const selectors = exprs.flatMap((expr) => vectorSelectors(parsePromql(expr)));
  const asked = askedValues(selectors.map(({ text }) => text));
  const names = new Set(selectors.map(({ metric = '' }) => metric));
  const series = [...documentedLabels(), ...otherSeries]
    .filter(([name]) => names.has(name))
    .flatMap(([name, labels]) => seriesOf(name, labels, asked));
  return [
    ...series,
    // Were every target in hand, nothing would be left to people.
    {
      series:
        'steward_remediator_alert_in_hand{job="remediator", instance="r", alertname="x", target="zero"}',
      values: '1x40',
    },
    { series: 'steward_remediator_runs_in_progress{job="remediator", instance="r"}', values: '0x40' },
  ];
}

function seriesOf(name: string, labels: readonly string[], asked: Map<string, Set<string>>): InputSeries[] {
  return Object.entries(courses).flatMap(([instance, values]) =>
    jobsOf(name, asked).flatMap((job) =>
      combinations(labels, asked).map((own) => ({
        series: `${name}{${[`job="${job}"`, `instance="${instance}"`, 'host="h"', ...own].join(', ')}}`,
        values,
      })),
    ),
  );
}

/** An alert has labels enough for many series without those of each job. */
function jobsOf(name: string, asked: Map<string, Set<string>>): string[] {
  if (name.startsWith('steward_remediator_')) return ['remediator'];
  return name === 'ALERTS' ? ['some'] : ['some', ...(asked.get('job') ?? [])];
}

function combinations(labels: readonly string[], asked: Map<string, Set<string>>): string[][] {
  return labels.reduce<string[][]>(
    (all, label) =>
      all.flatMap((own) => valuesOf(label, asked).map((value) => [...own, `${label}="${value}"`])),
    [[]],
  );
}

function valuesOf(label: string, asked: Map<string, Set<string>>): string[] {
  if (label === 'le') return ['0.1', '1', '+Inf'];
  // The remediator names the targets of others.
  return label === 'target'
    ? [...Object.keys(courses), ...(asked.get(label) ?? [])]
    : ['x', 'y', ...(asked.get(label) ?? [])];
}

function askedValues(selectors: readonly string[]): Map<string, Set<string>> {
  const asked = new Map<string, Set<string>>();
  for (const [, label = '', pattern = ''] of selectors.join(' ').matchAll(/(\w+)=~?"([\w|]+)"/g)) {
    const values = asked.get(label) ?? new Set();
    for (const value of pattern.split('|')) values.add(value);
    asked.set(label, values);
  }
  return asked;
}

function documentedLabels(): [string, readonly string[]][] {
  return documentedMetrics
    .filter(({ of }) => of === 'exporter')
    .map(({ name, kind, labels }) =>
      kind === 'histogram' ? [`${name}_bucket`, [...labels, 'le']] : [name, labels],
    );
}
