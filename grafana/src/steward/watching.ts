import { hourlyBars, lines, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { dataIsOld } from '../thresholds.ts';

const empty = 'Prometheus reads nothing: is the exporter up?';

/** Whether everything is watched. */
export function watchingPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Targets that were not read',
        description: 'Each target of Prometheus while it gave no answer. Nothing is known about it then.',
        empty: 'All targets are read',
      },
      [{ expr: `up{${chosen}} == 0`, legend: '{{job}} {{instance}}' }],
      upOrDown,
    ),
    stateTimeline(
      {
        title: 'Collectors that failed',
        description: 'Each kind of measurement while it failed. Alerts built on it cannot fire then.',
        empty: 'All collectors work',
      },
      [
        {
          expr: `min by (job, instance, collector) (steward_scrape_collector_success{${chosen}}) == 0`,
          legend: '{{instance}} {{collector}}',
        },
      ],
      { 0: { text: 'Fails', color: 'red' } },
    ),
    lines(
      {
        title: 'Age of background data',
        description:
          'Of what is not read at every scrape, the ten oldest: age as a share of that from which on it counts as old.',
        empty,
      },
      [
        {
          expr: `topk(10, (time() - max by (job, instance, collector) (steward_collector_data_timestamp_seconds{${chosen}} > 0)) / (${dataIsOld.intervals} * max by (job, instance, collector) (steward_collector_data_interval_seconds{${chosen}}) + ${dataIsOld.graceSeconds}))`,
          legend: '{{instance}} {{collector}}',
        },
      ],
      { unit: 'percentunit', limit: { alert: dataIsOld.alert, fires: 'above', value: 1 } },
    ),
    hourlyBars(
      {
        title: 'Failures by reason',
        description: 'Failures of collectors in each hour, by reason, of all targets.',
        empty: 'No collector has failed since the exporter started',
      },
      [
        {
          expr: `sum by (collector, reason) (increase(steward_collector_errors_total{${chosen}}[$__rate_interval])) > 0`,
          legend: '{{collector}}: {{reason}}',
        },
      ],
    ),
  ];
}
