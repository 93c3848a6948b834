import { hourlyBars, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'Prometheus reads nothing: is the exporter up?';

/** Whether every part runs as it is configured, its messages arrive, and nothing is left out. */
export function healthPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Configuration',
        description:
          'Whether the last reading succeeded. While it did not, the configuration before is in force.',
        empty,
      },
      [
        { expr: `steward_config_last_reload_successful{${chosen}}`, legend: '{{job}} steward.yml' },
        { expr: `alertmanager_config_last_reload_successful{${chosen}}`, legend: 'Alertmanager' },
        { expr: `prometheus_config_last_reload_successful{${chosen}}`, legend: 'Prometheus' },
      ],
      { 1: { text: 'In force', color: 'green' }, 0: { text: 'Rejected', color: 'red' } },
    ),
    hourlyBars(
      {
        title: 'Messages that did not arrive',
        description: 'Messages that Alertmanager gave up in each hour, by the way they were sent.',
        empty: 'No Alertmanager is read',
      },
      [
        {
          expr: `sum by (integration) (increase(alertmanager_notifications_failed_total{${chosen}}[$__rate_interval])) > 0`,
          legend: '{{integration}}',
        },
      ],
    ),
    hourlyBars(
      {
        title: 'Rules that could not be evaluated',
        description: 'Evaluations in each hour that failed. An alert whose rule fails cannot fire.',
        empty: 'Prometheus does not read itself',
      },
      [
        {
          expr: `sum by (instance) (increase(prometheus_rule_evaluation_failures_total{${chosen}}[$__rate_interval]))`,
          legend: '{{instance}}',
        },
      ],
    ),
    hourlyBars(
      {
        title: 'Series left out',
        description: 'Series above exporter.series_limit in each hour; each scrape counts its own.',
        empty: 'No series was left out',
      },
      [
        {
          expr: `sum by (collector) (increase(steward_series_dropped_total{${chosen}}[$__rate_interval])) > 0`,
          legend: '{{collector}}',
        },
      ],
    ),
  ];
}
