import type { Query } from '../query.ts';

/** The attempts to heal that ended, by what was done to which target. */
export function attempts(matchers: string): Query {
  return {
    expr: `sum by (policy, target, outcome) (increase(steward_remediator_attempts_total{${matchers}}[$__rate_interval])) > 0`,
    legend: '{{outcome}}: {{policy}} on {{target}}',
  };
}
