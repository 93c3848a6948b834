import { hourlyBars, lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No remediator is read';

/** Whether what breaks could be healed. */
export function healingPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Since the last drill',
        description:
          'How long ago Steward went the whole way of a fix on each server, as it does once a day. Above the line nothing can be healed there.',
        empty: 'No server is drilled',
      },
      [
        {
          expr: `time() - max by (target) (steward_remediator_last_drill_timestamp_seconds{${chosen}} > 0)`,
          legend: '{{target}}',
        },
      ],
      { unit: 's', limit: thresholds.drillSecondsAgo },
    ),
    stateTimeline(
      {
        title: 'Journal',
        description:
          'Whether the journal answers the remediator within a second. Nothing is healed while it does not.',
        empty,
      },
      [{ expr: `steward_remediator_journal_up{${chosen}}`, legend: '{{instance}}' }],
      { 1: { text: 'Answers', color: 'green' }, 0: { text: 'Does not answer', color: 'red' } },
    ),
    hourlyBars(
      {
        title: 'Alerts left out',
        description:
          'Alerts in each hour that Alertmanager left out of what it sent to the remediator. They are not healed.',
        empty,
      },
      [
        {
          expr: `increase(steward_remediator_alerts_truncated_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}}',
        },
      ],
    ),
    lines(
      {
        title: 'Messages that wait',
        description:
          'What your webhook has not taken yet of what Steward has to tell. They are sent until they are taken, for a day.',
        empty,
      },
      [{ expr: `steward_remediator_notifications_owed{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'short' },
    ),
  ];
}
