import { Counter, Histogram, Registry } from 'prom-client';
import { addAttemptsCounter } from './attempts-counter.ts';
import { describeMetrics, type DescribedMetric } from './described-metric.ts';
import type { TellingResult } from '../notify/send-owed.ts';
import type { Reason, RunOutcome } from '../run/run.ts';
import type { RunNews } from '../run/run-record.ts';
import { addIntakeCounters, type IntakeCounters } from './intake-counters.ts';
import { addTellingCounter } from './telling-counter.ts';
import { addDrillGauges } from './drill-gauges.ts';
import { isDrill } from '../decide/drills.ts';
import { addPolicyModes, addStateGauges, type StateSources } from './state-gauges.ts';

const asFailed = ['failed'] as const;
const asBlocked = ['blocked'] as const;
const asRolledBack = ['rolled_back'] as const;

/** How a run can be closed with each reason. */
const endsWith: Readonly<Record<Reason, readonly RunOutcome[]>> = {
  verified: ['verified'],
  no_policy: ['no_policy'],
  denied: ['denied', 'rolled_back'],
  // What waits for an answer ends with its alert.
  mode_needs_approval: [],
  // What was begun, and given up, was put back.
  alert_resolved: ['blocked', 'expired', 'rolled_back'],
  not_started: ['failed', 'rolled_back'],
  configuration_broken: ['failed', 'rolled_back'],
  action_failed: ['failed', 'rolled_back'],
  trades_open: asRolledBack,
  held_back: asRolledBack,
  bot_not_ready: asFailed,
  bot_unreachable: ['blocked', 'rolled_back'],
  bot_not_trading: ['blocked', 'rolled_back'],
  not_verified: asFailed,
  harm_not_undone: asFailed,
  undo_failed: asFailed,
  harm_undone: asRolledBack,
  not_healed_undone: asRolledBack,
  empty_target: asBlocked,
  unknown_target: asBlocked,
  wrong_kind_of_target: asBlocked,
  bot_of_other_kind: asBlocked,
  parameter_not_allowed: asBlocked,
  own_part: asBlocked,
  escalated: asBlocked,
  mode_observe: asBlocked,
  paused: asBlocked,
  frozen: asBlocked,
  mass_failure: asBlocked,
  waits_for_policy: asBlocked,
  joined: asBlocked,
  breaker_open: asBlocked,
  cooldown: asBlocked,
  limit: asBlocked,
  host_busy: asBlocked,
  not_corroborated: asBlocked,
  prometheus_unreachable: asBlocked,
  no_verification: asBlocked,
  guard_failed: asBlocked,
};

/** The remediator's own metrics. */
export interface RemediatorMetrics extends IntakeCounters {
  /** Counts a run that has ended, and how long a proof took. A drill heals nothing, and has gauges of its own. */
  countNews(news: RunNews, nowMs: number): void;
  readonly countInterruption: () => void;
  readonly countTelling: (result: TellingResult) => void;
  render(): Promise<string>;
  /** What each metric is, whether it has a value or not. */
  describe(): DescribedMetric[];
  readonly contentType: string;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(sources: StateSources): RemediatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  const intake = addIntakeCounters(registers);
  const runs = new Counter({
    name: 'steward_remediator_runs_total',
    help: 'Runs that were closed, by outcome and reason, without drills.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  beginAtZero(runs);
  const countAttempt = addAttemptsCounter(registers, sources.inventory);
  const verified = new Histogram({
    name: 'steward_remediator_verified_seconds',
    help: 'Time from the first delivery of an alert to the proof of its fix, earlier attempts included, in seconds.',
    // A fix that waits for a person, or a bot for its trades, takes hours.
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 21_600],
    registers,
  });
  const interruptions = new Counter({
    name: 'steward_remediator_interruptions_total',
    help: 'Times that a run could not go on because the journal failed, or through a fault of this program.',
    registers,
  });
  const countTelling = addTellingCounter(registers);
  addStateGauges(registers, sources);
  addPolicyModes(registers, sources);
  addDrillGauges(registers, sources);
  return {
    ...intake,
    countNews(news, nowMs) {
      const { plan, outcome, reason, ailingSinceMs, isClosed } = news;
      if (isDrill(plan)) return;
      countAttempt(news);
      if (isClosed) runs.inc({ outcome, reason });
      if (ailingSinceMs !== undefined) verified.observe((nowMs - ailingSinceMs) / 1000);
    },
    countInterruption: () => interruptions.inc(),
    countTelling,
    render: () => registry.metrics(),
    describe: () => describeMetrics(registry),
    contentType: registry.contentType,
  };
}

/** A series that begins with its first run would hide it from increase(). */
function beginAtZero(runs: Counter<'outcome' | 'reason'>): void {
  for (const [reason, ends] of Object.entries(endsWith)) {
    for (const outcome of ends) runs.inc({ outcome, reason }, 0);
  }
}
