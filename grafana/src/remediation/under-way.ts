import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

/** What is being healed, what waits, and what comes in. */
export function underWayPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'In hand',
        description:
          'Alerts that a run is healing, or which fire on though their fix was just proved. A run may rest for hours, as until the trades of a bot are closed.',
        empty: 'Nothing is being healed',
      },
      [
        {
          expr: `max by (alertname, target) (steward_remediator_alert_in_hand{${chosen}})`,
          legend: '{{alertname}} {{target}}',
        },
      ],
      { 1: { text: 'In hand', color: 'blue' } },
    ),
    lines(
      {
        title: 'Runs under way',
        description: 'Runs that are being worked on, and those that wait for your answer.',
        empty: 'No remediator is read',
      },
      [
        { expr: `steward_remediator_runs_in_progress{${chosen}}`, legend: 'runs' },
        { expr: `steward_remediator_runs_awaiting_approval{${chosen}}`, legend: 'wait for you' },
        { expr: `steward_remediator_paused{${chosen}}`, legend: 'paused' },
      ],
      { unit: 'short' },
    ).decimals(0),
    lines(
      {
        title: 'Alerts delivered',
        description: 'Alerts a minute that Alertmanager delivered, repetitions included.',
        empty: 'No remediator is read',
      },
      [
        {
          expr: `60 * rate(steward_remediator_alerts_total{${chosen}}[$__rate_interval])`,
          legend: 'alerts',
        },
      ],
      { unit: 'cpm' },
    ),
  ];
}
