import { hourlyBars, lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { table } from '../table.ts';
import { attempts } from './attempts.ts';

const empty = 'No run has ended yet';

/** What was healed, and how fast. */
export function healedPanels(): AnyPanel[] {
  return [
    hourlyBars(
      {
        title: 'What was healed',
        description:
          'Attempts to heal that ended in each hour, by policy and target. verified is healed and proved; failed and rolled_back were left to you.',
        empty: 'Nothing was healed, and nothing was tried',
      },
      [attempts(chosen)],
    ),
    hourlyBars(
      {
        title: 'Runs by outcome',
        description:
          'Runs that ended in each hour. verified is healed and proved; the others were left to you.',
        empty,
      },
      [{ expr: runs('outcome', ''), legend: '{{outcome}}' }],
    ),
    lines(
      {
        title: 'Time to heal',
        description: 'From the delivery of an alert to the proof of its fix: the median, and nine of ten.',
        empty: 'Nothing was healed yet',
      },
      [
        { expr: timeToHeal(0.5), legend: 'median' },
        { expr: timeToHeal(0.9), legend: 'nine of ten' },
      ],
      { unit: 's' },
    )
      .interval('6h')
      .spanNulls(true),
  ];
}

/** What was not healed and why, and what comes back. */
export function leftPanels(): AnyPanel[] {
  return [
    hourlyBars(
      {
        title: 'Blocked, failed or without policy: why',
        description: 'Runs in each hour that healed nothing, by outcome and reason.',
        empty: 'No run was left to you',
      },
      [{ expr: runs('outcome, reason', 'outcome!="verified", '), legend: '{{outcome}}: {{reason}}' }],
    ),
    table(
      {
        title: 'What comes back',
        description:
          'How often each alert began in the time shown. What is healed again and again needs a cure.',
        empty: 'No alert fired',
      },
      'topk(15, 1 + sum by (alertname, instance) (changes(ALERTS_FOR_STATE{alertname!~"Watchdog|StewardDrill"}[$__range])))',
      { alertname: 'Alert', instance: 'Target', Value: 'Times' },
    ),
    hourlyBars(
      {
        title: 'Runs that were interrupted',
        description: 'Runs in each hour that could not go on because the journal failed, or through a fault.',
        empty: 'No remediator is read',
      },
      [
        {
          expr: `increase(steward_remediator_interruptions_total{${chosen}}[$__rate_interval])`,
          legend: 'interruptions',
        },
      ],
    ),
    lines(
      {
        title: 'Room kept for the journal',
        description:
          'Given up where its disk is full, so that alerts are still accepted; put back when there is room.',
        empty: 'No remediator is read',
      },
      [{ expr: `steward_remediator_journal_ballast_bytes{${chosen}}`, legend: 'ballast' }],
      { unit: 'bytes' },
    ),
    hourlyBars(
      {
        title: 'Deliveries that were refused',
        description: 'Requests to the webhook in each hour that were not accepted, by why.',
        empty: 'No remediator is read',
      },
      [
        {
          expr: `sum by (result) (increase(steward_remediator_webhooks_total{${chosen}, result!="accepted"}[$__rate_interval]))`,
          legend: '{{result}}',
        },
      ],
    ),
  ];
}

function runs(labels: string, matcher: string): string {
  return `sum by (${labels}) (increase(steward_remediator_runs_total{${matcher}${chosen}}[$__rate_interval])) > 0`;
}

function timeToHeal(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le) (increase(steward_remediator_verified_seconds_bucket{${chosen}}[$__rate_interval])))`;
}
