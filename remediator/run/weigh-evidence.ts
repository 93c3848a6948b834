import { negateRule, type NegatedRule } from '../../inventory/promql/negated-rule.ts';
import { parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import type { Freeze } from '../../inventory/schema/freeze.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Against } from '../decide/decide.ts';
import { messageOf } from '../message-of.ts';
import { corroborate, type Corroboration } from '../prometheus/corroborate.ts';
import { askGuards, type AskedGuard } from '../prometheus/guards.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import { fillQuery } from './plan-queries.ts';
import type { Plan } from './run.ts';

/** What Prometheus says for acting now. */
interface Evidence {
  /** The rule whose expression holds. */
  readonly rule: string;
  readonly guards: readonly AskedGuard[];
  /** The query that will prove the fix. */
  readonly proof: string;
}

/** What speaks against acting now, or else what speaks for it. */
export type Weighed = { readonly against: Against } | Evidence;

/** Asks Prometheus whether the alert is true now, then the guards, then the freezes. Never rejects: that it cannot be asked speaks against acting. */
export async function weighEvidence(
  alert: Alert,
  plan: Plan,
  policy: Policy,
  freezes: readonly Freeze[],
  prometheus: PrometheusClient,
): Promise<Weighed> {
  try {
    const corroboration = await corroborate(prometheus, alert, labelsThatCount(policy));
    if (corroboration === undefined) return { against: { reason: 'not_corroborated' } };
    const proof = proofOf(plan, policy, corroboration);
    if ('fault' in proof) return { against: { reason: 'no_verification', detail: proof.fault } };
    const { asked, failing } = await askGuards(
      prometheus,
      policy.guard.map((guard) => fillQuery(guard, plan)),
    );
    if (failing !== undefined)
      return { against: { reason: 'guard_failed', detail: `${failing.query} returns ${failing.says}` } };
    const freeze = await freezeByPrometheus(freezes, prometheus);
    if (freeze !== undefined) return { against: { reason: 'frozen', detail: freeze } };
    return { rule: corroboration.rule, guards: asked, proof: proof.query };
  } catch (error) {
    return { against: { reason: 'prometheus_unreachable', detail: messageOf(error) } };
  }
}

/** The policy's own query, or else the opposite of the rule that holds now. */
function proofOf(plan: Plan, { verify }: Policy, { rule, labels }: Corroboration): NegatedRule {
  if (verify.query !== undefined) return { query: fillQuery(verify.query, plan) };
  const negated = negateRule(rule, labels);
  return 'query' in negated ? negated : { fault: `the rule ${negated.fault}` };
}

/** The first freeze that is on, and what ends it, for people. Where what it reads is not there, nobody knows, and it is. */
async function freezeByPrometheus(
  freezes: readonly Freeze[],
  prometheus: PrometheusClient,
): Promise<string | undefined> {
  for (const { name, promql } of freezes) {
    if (promql === undefined) continue;
    if ((await prometheus.query(promql)).length > 0) return `${name}, until this no longer holds: ${promql}`;
    for (const { text } of vectorSelectors(parsePromql(promql))) {
      if ((await prometheus.query(text)).length === 0) return `${name}, until there is a sample of ${text}`;
    }
  }
  return undefined;
}

/** The labels that choose what is acted on: Prometheus itself must vouch for them, not only the webhook. */
function labelsThatCount(policy: Policy): string[] {
  const sources = [policy, ...policy.then].flatMap((step) => Object.values(step.with));
  const named = sources.flatMap((source) => (typeof source === 'object' ? [source.label] : []));
  return ['instance', ...named];
}
