import { hourlyBars, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

/** What the remediator did, and what it left to people. */
export function healedPanels(): AnyPanel[] {
  return [
    hourlyBars(
      {
        title: 'Runs by outcome',
        description:
          'Runs that ended in each hour. verified is healed and proved; blocked, failed and no_policy were left to you.',
        empty: 'No run ended',
      },
      [
        {
          expr: 'sum by (outcome) (increase(steward_remediator_runs_total{job="remediator"}[$__rate_interval]))',
          legend: '{{outcome}}',
        },
      ],
    ),
    waiting(),
  ];
}

function waiting(): AnyPanel {
  return stateTimeline(
    {
      title: 'Waits for you',
      description:
        'What no policy heals, and since when. Runs that wait for your answer are on the page that the link Runs opens.',
      empty: 'Nothing waits for you',
    },
    [
      {
        expr: 'max by (alertname, instance) (ALERTS{alertstate="firing", alertname!="Watchdog", instance=~"$instance|"} unless on () (sum(steward_remediator_runs_in_progress{job="remediator"}) > 0))',
        legend: '{{alertname}} {{instance}}',
      },
      {
        expr: 'max by (job) (steward_remediator_runs_awaiting_approval{job="remediator"}) > bool 0',
        legend: 'Approve runs',
      },
      { expr: `host_reboot_required{${chosen}} == 1`, legend: 'Restart {{instance}}' },
      {
        expr: `max by (instance) (content_posts{${chosen}, status="pending"} > bool 0) == 1`,
        legend: 'Review posts of {{instance}}',
      },
      {
        expr: `max by (instance) (freqtrade_state{${chosen}, state=~"stopped|paused"}) == 1`,
        legend: '{{instance}} is stopped',
      },
      {
        expr: `max by (instance) (wordpress_core_update_available{${chosen}}) == 1`,
        legend: 'Update WordPress of {{instance}}',
      },
    ],
    { 0: { text: 'Nothing', color: 'green' }, 1: { text: 'Waits', color: 'orange' } },
  );
}
