import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LastReload } from '../inventory/inventory-holder.ts';
import { outcomes } from './run/run.ts';
import type { RunNews } from './run/run-record.ts';

/** What became of a request to /webhook. */
const webhookResults = ['accepted', 'unauthorized', 'malformed', 'too_large', 'not_stored'] as const;
/** What became of a request to /webhook. */
export type WebhookResult = (typeof webhookResults)[number];

/** The remediator's own metrics. */
export interface RemediatorMetrics {
  countWebhook(result: WebhookResult): void;
  countAlerts(count: number): void;
  /** Counts a run that has ended, and how long a proof took. */
  countNews(news: RunNews, nowMs: number): void;
  readonly countInterruption: () => void;
  render(): Promise<string>;
  readonly contentType: string;
}

/** Makes the metrics in a registry of their own. */
export function createMetrics(state: {
  active: () => number;
  lastReload: () => LastReload;
  isPaused: () => Promise<boolean>;
}): RemediatorMetrics {
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
  const runs = new Counter({
    name: 'steward_remediator_runs_total',
    help: 'Runs that were closed, by outcome and reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  for (const outcome of outcomes) runs.inc({ outcome, reason: '' }, 0);
  const verified = new Histogram({
    name: 'steward_remediator_verified_seconds',
    help: 'Time from the delivery of an alert to the proof of its fix, in seconds.',
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
    registers,
  });
  const interruptions = new Counter({
    name: 'steward_remediator_interruptions_total',
    help: 'Times that a run could not go on because the journal failed, or through a fault of this program.',
    registers,
  });
  addStateGauges(registers, state);
  return {
    countWebhook: (result) => webhooks.inc({ result }),
    countAlerts: (count) => alerts.inc(count),
    countNews({ run, outcome, reason, isClosed }, nowMs) {
      if (isClosed) runs.inc({ outcome, reason });
      if (outcome === 'verified') verified.observe((nowMs - Date.parse(run.createdAt)) / 1000);
    },
    countInterruption: () => interruptions.inc(),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function addStateGauges(
  registers: Registry[],
  state: { active: () => number; lastReload: () => LastReload; isPaused: () => Promise<boolean> },
): void {
  const paused: Gauge = new Gauge({
    name: 'steward_remediator_paused',
    help: 'Whether somebody has paused the remediator, 0 or 1.',
    registers,
    collect: async () => paused.set((await state.isPaused()) ? 1 : 0),
  });
  addGauge(registers, 'steward_remediator_runs_in_progress', 'Runs that are being worked on.', state.active);
  addGauge(
    registers,
    'steward_config_last_reload_successful',
    'Whether the last reading of steward.yml succeeded, 0 or 1.',
    () => (state.lastReload().successful ? 1 : 0),
  );
  addGauge(
    registers,
    'steward_config_last_reload_success_timestamp_seconds',
    'When steward.yml was last read with success, in seconds since the epoch.',
    () => state.lastReload().succeededAtMs / 1000,
  );
  addGauge(
    registers,
    'process_resident_memory_bytes',
    'Memory of the process that is in RAM, in bytes.',
    () => process.memoryUsage.rss(),
  );
}

function addGauge(registers: Registry[], name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
}
