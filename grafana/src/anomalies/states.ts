import { stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

/** What is outside of its band, and what is not known yet. */
export function statePanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Outside of what is expected',
        description:
          'When a value was neither as a day nor as a week before, at the same time of the day. What stays different is expected after a day.',
        empty: 'Nothing is measured yet',
      },
      [
        {
          expr: `(instance:anomaly_input:avg5m{${chosen}} > bool instance:anomaly_upper:bound{${chosen}}) + (instance:anomaly_input:avg5m{${chosen}} < bool instance:anomaly_lower:bound{${chosen}})`,
          legend: '{{instance}} {{anomaly}}',
        },
      ],
      { 0: { text: 'As usual', color: 'green' }, 1: { text: 'Unusual', color: 'orange' } },
    ),
    stateTimeline(
      {
        title: 'Still learning',
        description:
          'What has been watched for less than a week and some hours. Nothing is told of it until then.',
        empty: 'Nothing is measured yet',
      },
      [{ expr: `instance:anomaly_learning:bool{${chosen}}`, legend: '{{instance}} {{anomaly}}' }],
      { 0: { text: 'Known', color: 'green' }, 1: { text: 'Learning', color: 'blue' } },
    ),
  ];
}
