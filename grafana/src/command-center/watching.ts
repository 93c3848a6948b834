import type { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import { lines, stateTimeline } from '../panels.ts';
import { chosen } from '../query.ts';

/** Whether Steward itself sees what it should. */
export function watchingPanels(): (StateTimeline | Timeseries)[] {
  return [
    stateTimeline(
      {
        title: 'Collectors',
        description:
          'Whether each kind of measurement worked. While one fails, alerts built on it cannot fire.',
      },
      {
        expr: `min by (instance, collector) (steward_scrape_collector_success{${chosen}})`,
        legend: '{{instance}} {{collector}}',
      },
      { 1: { text: 'Works', color: 'green' }, 0: { text: 'Fails', color: 'red' } },
    ),
    lines(
      {
        title: 'Age of background data',
        description:
          'How long ago was read what is not read at every scrape, such as the whole tree of files.',
      },
      [
        {
          expr: `time() - steward_data_timestamp_seconds{${chosen}}`,
          legend: '{{instance}} {{metric}}',
        },
      ],
      { unit: 's' },
    ),
  ];
}
