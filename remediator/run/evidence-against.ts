import type { Freeze } from '../../inventory/schema/freeze.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Alert } from '../alert.ts';
import { messageOf } from '../message-of.ts';
import { isCorroborated } from '../prometheus/corroborate.ts';
import { failingGuard } from '../prometheus/guards.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import { fillQuery } from './plan-queries.ts';
import type { Plan, Reason } from './run.ts';

/** What speaks against acting now. */
export interface Against {
  readonly reason: Reason;
  readonly detail?: string;
}

/** Asks Prometheus whether the alert is true now, then the guards, then the freezes. Undefined where nothing speaks against acting. */
export async function evidenceAgainst(
  alert: Alert,
  plan: Plan,
  policy: Policy,
  freezes: readonly Freeze[],
  prometheus: PrometheusClient,
): Promise<Against | undefined> {
  try {
    if (!(await isCorroborated(prometheus, alert, labelsThatCount(policy))))
      return { reason: 'not_corroborated' };
    const failing = await failingGuard(
      prometheus,
      policy.guard.map((guard) => fillQuery(guard, plan)),
    );
    if (failing !== undefined) return { reason: 'guard_failed', detail: failing };
    const freeze = await freezeByPrometheus(freezes, prometheus);
    return freeze === undefined ? undefined : { reason: 'frozen', detail: freeze.name };
  } catch (error) {
    return { reason: 'prometheus_unreachable', detail: messageOf(error) };
  }
}

async function freezeByPrometheus(
  freezes: readonly Freeze[],
  prometheus: PrometheusClient,
): Promise<Freeze | undefined> {
  for (const freeze of freezes) {
    if (freeze.promql !== undefined && (await prometheus.query(freeze.promql)).length > 0) return freeze;
  }
  return undefined;
}

/** The labels that choose what is acted on: Prometheus itself must vouch for them, not only the webhook. */
function labelsThatCount(policy: Policy): string[] {
  const sources = [policy, ...policy.then].flatMap((step) => Object.values(step.with));
  const named = sources.flatMap((source) => (typeof source === 'object' ? [source.label] : []));
  return ['instance', ...named];
}
