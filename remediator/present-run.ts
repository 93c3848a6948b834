import type { Run } from './run/run.ts';

/** What the API says of a run. */
export function presentRun(run: Run): Record<string, unknown> {
  const { alert, plan } = run;
  return {
    id: run.id,
    alertname: alert.labels['alertname'] ?? null,
    instance: alert.labels['instance'] ?? null,
    labels: alert.labels,
    fingerprint: alert.fingerprint,
    startsAt: alert.startsAt,
    alertStatus: alert.status,
    policy: plan?.policy ?? null,
    action: plan?.action ?? null,
    target: plan?.target ?? null,
    host: plan?.host ?? null,
    parameters: plan?.parameters ?? {},
    state: run.state,
    outcome: run.outcome ?? null,
    reason: run.reason ?? null,
    createdAt: run.createdAt,
    events: run.events,
  };
}
