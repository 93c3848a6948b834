import { setTimeout as delay } from 'node:timers/promises';
import { freshEvidence, type Evidence } from '../prometheus/evidence.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';

/** What must be seen for a fix to be proved. Queries have their variables filled in. */
export interface VerificationPlan {
  readonly target: string;
  readonly query: string;
  /** How many times in a row it must hold, on different samples. */
  readonly samples: number;
  readonly withinMs: number;
  /** Samples count from this time on, in seconds on Prometheus's clock. */
  readonly afterSeconds: number;
  /** Where the target was healthy before: what must still hold, and what would show that the fix did harm. */
  readonly harm: { readonly healthy: string; readonly harmed: string } | undefined;
}

/** What came of a verification; `inconclusive` is a failure, and never a reason to undo. */
export type VerificationResult = 'verified' | 'harmed' | 'inconclusive';

/** Between two looks. Proof comes with a scrape, so this only sets how soon after it that is noticed. */
const POLL_MS = 250;

/**
 * Looks again and again until the fix is proved, harm is seen, or the time is over. That Prometheus cannot be asked is no evidence
 * of anything. Rejects only when the signal aborts.
 */
export async function verify(
  prometheus: PrometheusClient,
  plan: VerificationPlan,
  signal: AbortSignal,
): Promise<VerificationResult> {
  const deadline = performance.now() + plan.withinMs;
  const proof = createStreak(plan.samples);
  const harm = createStreak(plan.samples);
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const isHealthy =
      plan.harm === undefined || (await look(prometheus, plan, plan.harm.healthy)).kind === 'holds';
    if (plan.harm !== undefined && harm.add(await look(prometheus, plan, plan.harm.harmed))) return 'harmed';
    if (proof.add(await look(prometheus, plan, plan.query)) && isHealthy) return 'verified';
    await delay(POLL_MS, undefined, { signal });
  }
  return 'inconclusive';
}

async function look(prometheus: PrometheusClient, plan: VerificationPlan, query: string): Promise<Evidence> {
  try {
    return await freshEvidence(prometheus, query, plan.target, plan.afterSeconds);
  } catch {
    return { kind: 'nothing-fresh' };
  }
}

/** Counts how often in a row a query held, each time on newer samples. */
function createStreak(needed: number): { add(evidence: Evidence): boolean } {
  let count = 0;
  let lastAt = -Infinity;
  return {
    add(evidence) {
      if (evidence.kind === 'does-not-hold') count = 0;
      if (evidence.kind === 'holds' && evidence.at > lastAt) {
        count += 1;
        lastAt = evidence.at;
      }
      return count >= needed;
    },
  };
}
