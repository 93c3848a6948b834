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
  /** Where the target was healthy before: what must still hold, and what would show that the fix did harm. */
  readonly harm: { readonly healthy: string; readonly harmed: string } | undefined;
}

/** What came of a verification; `inconclusive` is a failure, and never a reason to undo. */
export type VerificationResult = 'verified' | 'harmed' | 'inconclusive';

/** Between two looks. Proof comes with a scrape, so this only sets how soon after it that is noticed. */
const POLL_MS = 250;

/**
 * Looks again and again until the fix is proved, harm is seen, or the time is over. What counts must be newer than this call, on
 * Prometheus's own clock; `onBoundary` is called once that time is known, and is where to ask for new data. That Prometheus
 * cannot be asked is no evidence of anything. Rejects only when the signal aborts.
 */
export async function verify(
  prometheus: PrometheusClient,
  plan: VerificationPlan,
  onBoundary: () => void,
  signal: AbortSignal,
): Promise<VerificationResult> {
  const deadline = performance.now() + plan.withinMs;
  const isOver = () => performance.now() >= deadline;
  const afterSeconds = await askTime(prometheus, isOver, signal);
  if (afterSeconds === undefined) return 'inconclusive';
  onBoundary();
  const look = (query: string) => lookOnce(prometheus, query, plan.target, afterSeconds);
  const proof = createStreak(plan.samples);
  const harm = createStreak(plan.samples);
  while (!isOver()) {
    const [healed, healthy, harmed] = await Promise.all([
      look(plan.query),
      plan.harm && look(plan.harm.healthy),
      plan.harm && look(plan.harm.harmed),
    ]);
    if (harmed !== undefined && harm.add(harmed)) return 'harmed';
    if (proof.add(healed) && (healthy === undefined || healthy.kind === 'holds')) return 'verified';
    await delay(POLL_MS, undefined, { signal });
  }
  signal.throwIfAborted();
  return 'inconclusive';
}

async function askTime(
  prometheus: PrometheusClient,
  isOver: () => boolean,
  signal: AbortSignal,
): Promise<number | undefined> {
  while (!isOver()) {
    const time = await prometheus.now().catch(() => undefined);
    if (time !== undefined) return time;
    await delay(POLL_MS, undefined, { signal });
  }
  return undefined;
}

async function lookOnce(
  prometheus: PrometheusClient,
  query: string,
  target: string,
  afterSeconds: number,
): Promise<Evidence> {
  return freshEvidence(prometheus, query, target, afterSeconds).catch(() => ({ kind: 'nothing-fresh' }));
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
