import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LastReload } from '../inventory/inventory-holder.ts';
import { isPaused } from './pause.ts';
import type { Reason, RunOutcome } from './run/run.ts';
import type { RunNews } from './run/run-record.ts';
import type { Journal } from './store/journal.ts';

/** What became of a request to /webhook. */
const webhookResults = ['accepted', 'unauthorized', 'malformed', 'too_large', 'not_stored'] as const;
/** What became of a request to /webhook. */
export type WebhookResult = (typeof webhookResults)[number];

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
export interface RemediatorMetrics {
  countWebhook(result: WebhookResult): void;
  countAlerts(count: number): void;
  /** Counts alerts that Alertmanager left out of a webhook. */
  countTruncated(count: number): void;
  /** Counts a run that has ended, and how long a proof took. */
  countNews(news: RunNews, nowMs: number): void;
  readonly countInterruption: () => void;
  render(): Promise<string>;
  readonly contentType: string;
}

/** What the gauges are read from. */
interface MetricsSources {
  readonly active: () => number;
  readonly lastReload: () => LastReload;
  readonly journal: Pick<Journal, 'pause' | 'countAwaitingApproval' | 'ballastBytes'>;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(sources: MetricsSources): RemediatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  const webhooks = new Counter({
    name: 'steward_remediator_webhooks_total',
    help: 'Requests to the webhook, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  for (const result of webhookResults) webhooks.inc({ result }, 0);
  const alerts = new Counter({
    name: 'steward_remediator_alerts_total',
    help: 'Alerts in the webhooks that were accepted, repetitions included.',
    registers,
  });
  const truncated = new Counter({
    name: 'steward_remediator_alerts_truncated_total',
    help: 'Alerts that Alertmanager left out of webhooks, so that nothing is known of them.',
    registers,
  });
  const runs = new Counter({
    name: 'steward_remediator_runs_total',
    help: 'Runs that were closed, by outcome and reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  // A series that begins with its first run would hide it from increase().
  for (const [reason, ends] of Object.entries(endsWith)) {
    for (const outcome of ends) runs.inc({ outcome, reason }, 0);
  }
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
  addStateGauges(registers, sources);
  return {
    countWebhook: (result) => webhooks.inc({ result }),
    countAlerts: (count) => alerts.inc(count),
    countTruncated: (count) => truncated.inc(count),
    countNews({ outcome, reason, ailingSinceMs, isClosed }, nowMs) {
      if (isClosed) runs.inc({ outcome, reason });
      if (ailingSinceMs !== undefined) verified.observe((nowMs - ailingSinceMs) / 1000);
    },
    countInterruption: () => interruptions.inc(),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function addStateGauges(registers: Registry[], { active, lastReload, journal }: MetricsSources): void {
  const paused: Gauge = new Gauge({
    name: 'steward_remediator_paused',
    help: 'Whether somebody has paused the remediator, 0 or 1.',
    registers,
    collect: () => setFromJournal(paused, async () => (isPaused(await journal.pause(), Date.now()) ? 1 : 0)),
  });
  const awaiting: Gauge = new Gauge({
    name: 'steward_remediator_runs_awaiting_approval',
    help: 'Runs that wait for a person to approve or deny them.',
    registers,
    collect: () => setFromJournal(awaiting, () => journal.countAwaitingApproval()),
  });
  const up: Gauge = new Gauge({
    name: 'steward_remediator_journal_up',
    help: 'Whether the journal answers within a second, 0 or 1.',
    registers,
    collect: async () => up.set((await soon(journal.pause().then(() => true))) === undefined ? 0 : 1),
  });
  const { ballastBytes } = journal;
  if (ballastBytes !== undefined) {
    const help = 'Room that is kept for the journal, and given up where its disk is full, in bytes.';
    addGauge(registers, 'steward_remediator_journal_ballast_bytes', help, ballastBytes);
  }
  addGauge(registers, 'steward_remediator_runs_in_progress', 'Runs that are being worked on.', active);
  addGauge(
    registers,
    'steward_config_last_reload_successful',
    'Whether the last reading of steward.yml succeeded, 0 or 1.',
    () => (lastReload().successful ? 1 : 0),
  );
  addGauge(
    registers,
    'steward_config_last_reload_success_timestamp_seconds',
    'When steward.yml was last read with success, in seconds since the epoch.',
    () => lastReload().succeededAtMs / 1000,
  );
  addGauge(
    registers,
    'process_resident_memory_bytes',
    'Memory of the process that is in RAM, in bytes.',
    () => process.memoryUsage.rss(),
  );
}

/** A journal that does not answer soon costs the series that come from it, and no other: they tell that it does not. */
const JOURNAL_MS = 1000;

async function setFromJournal(gauge: Gauge, read: () => Promise<number>): Promise<void> {
  const value = await soon(read());
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

async function soon<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, JOURNAL_MS, undefined);
  });
  const value = await Promise.race([reading.catch(() => undefined), late]);
  clearTimeout(timer);
  return value;
}

function addGauge(registers: Registry[], name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
}
