import { Counter, type Registry } from 'prom-client';

const webhookResults = ['accepted', 'unauthorized', 'malformed', 'too_large', 'not_stored'] as const;
/** What became of a request to /webhook. */
export type WebhookResult = (typeof webhookResults)[number];

/** What is counted of what Alertmanager sends. */
export interface IntakeCounters {
  readonly countWebhook: (result: WebhookResult) => void;
  readonly countAlerts: (count: number) => void;
  /** Counts alerts that Alertmanager left out of a webhook. */
  readonly countTruncated: (count: number) => void;
}

/** Adds the counters of the webhook, each from the start. */
export function addIntakeCounters(registers: Registry[]): IntakeCounters {
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
  return {
    countWebhook: (result) => webhooks.inc({ result }),
    countAlerts: (count) => alerts.inc(count),
    countTruncated: (count) => truncated.inc(count),
  };
}
