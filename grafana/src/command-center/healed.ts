import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { lines } from '../panels.ts';

/** What the remediator did, and what it left. */
export function healedPanels(): PanelBuilder[] {
  return [
    lines(
      {
        title: 'Runs by outcome',
        description:
          'Runs that ended, by outcome: verified is healed and proved; blocked, failed and no_policy are left to you.',
      },
      [
        {
          expr: 'sum by (outcome) (increase(steward_remediator_runs_total{job="remediator"}[$__rate_interval]))',
          legend: '{{outcome}}',
        },
      ],
      { unit: 'short' },
    ),
    lines(
      {
        title: 'Time to heal',
        description: 'From the beginning of the alert until the fix was proved: the median, and nine of ten.',
      },
      [0.5, 0.9].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (increase(steward_remediator_verified_seconds_bucket{job="remediator"}[1h])))`,
        legend: quantile === 0.5 ? 'median' : 'nine of ten',
      })),
      { unit: 's' },
    ),
  ];
}
