import { planHash } from '../decide/approval.ts';
import type { Plan, Run } from '../run/run.ts';

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
    ...presentPlan(plan),
    state: run.state,
    outcome: run.outcome ?? null,
    reason: run.reason ?? null,
    createdAt: run.createdAt,
    events: run.events,
  };
}

function presentPlan(plan: Plan | undefined): Record<string, unknown> {
  if (plan === undefined)
    return { policy: null, action: null, target: null, host: null, parameters: {}, planHash: null };
  return { ...plan, planHash: planHash(plan) };
}
