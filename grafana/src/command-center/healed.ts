import { hourlyBars, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { attempts } from '../remediation/attempts.ts';

/** What the remediator did, and what it left to people. */
export function healedPanels(): AnyPanel[] {
  return [
    hourlyBars(
      {
        title: 'What was healed',
        description:
          'Attempts to heal that ended in each hour. verified is healed and proved; failed and rolled_back were left to you.',
        empty: 'Nothing was healed, and nothing was tried',
      },
      [attempts('job="remediator", target=~"$instance"')],
    ),
    waiting(),
  ];
}

/** What other lines of the same panel tell, and sooner. */
const toldBeneath = 'RunAwaitsApproval|RestartWaits|PostsWaitForReview|BotNotTrading';

/** The alerts that a run is healing, as their own series name them. Replicas of the remediator say the same. */
const inHand =
  'label_replace(max by (alertname, target) (steward_remediator_alert_in_hand{job="remediator"}), "instance", "$1", "target", "(.+)")';

function waiting(): AnyPanel {
  return stateTimeline(
    {
      title: 'Waits for you',
      description:
        'What is left to you, and since when: pages and tickets that no run is healing or has just healed, runs that wait for your answer, and what only people decide. Without a remediator nothing is healed, and every alert is here. Runs are answered on the page that the link Runs opens.',
      empty: 'Nothing waits for you',
    },
    [
      {
        expr: `max by (alertname, instance) (ALERTS{alertstate="firing", severity=~"page|ticket", alertname!~"${toldBeneath}", instance=~"$instance|"} unless on (alertname, instance) ${inHand})`,
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
        expr: `max by (instance) (freqtrade_state{${chosen}, state=~"stopped|paused"} == 1 or 1 - trading_bot_running{${chosen}} == 1) unless on (instance) ${inHand}`,
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
