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

/** Asks Prometheus whether the alert is true now, then the guards. Undefined where nothing speaks against acting. */
export async function evidenceAgainst(
  alert: Alert,
  plan: Plan,
  policy: Policy,
  prometheus: PrometheusClient,
): Promise<Against | undefined> {
  try {
    if (!(await isCorroborated(prometheus, alert, labelsThatCount(policy))))
      return { reason: 'not_corroborated' };
    const failing = await failingGuard(
      prometheus,
      policy.guard.map((guard) => fillQuery(guard, plan)),
    );
    return failing === undefined ? undefined : { reason: 'guard_failed', detail: failing };
  } catch (error) {
    return { reason: 'prometheus_unreachable', detail: messageOf(error) };
  }
}

/** The labels that choose what is acted on: Prometheus itself must vouch for them, not only the webhook. */
function labelsThatCount({ with: parameters }: Policy): string[] {
  const named = Object.values(parameters).flatMap((source) =>
    typeof source === 'object' ? [source.label] : [],
  );
  return ['instance', ...named];
}
