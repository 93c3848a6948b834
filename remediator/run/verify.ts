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
  /** Whether it also ends as soon as it is disproved: the command said that it has failed, so that nothing more is to come of it. */
  readonly endsDisproved: boolean;
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
  const proof = createStreak('holds', plan.samples);
  const disproof = createStreak('does-not-hold', plan.samples);
  const health = createStreak('holds', plan.samples);
  const harm = createStreak('holds', plan.samples);
  while (!isOver()) {
    const [healed, healthy, harmed] = await Promise.all([
      look(plan.query),
      plan.harm && look(plan.harm.healthy),
      plan.harm && look(plan.harm.harmed),
    ]);
    if (harmed !== undefined && harm.add(harmed)) return 'harmed';
    if (proof.add(healed) && (healthy === undefined || healthy.kind === 'holds')) return 'verified';
    const isDisproved = disproof.add(healed);
    // Harm may be seen later than that nothing was healed, by another probe.
    const isWell = healthy === undefined || health.add(healthy);
    if (plan.endsDisproved && isDisproved && isWell) return 'inconclusive';
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

/** Counts how often in a row a query did the same, each time on newer samples. Where nothing fresh is to be had, nobody knows whether it still does. */
function createStreak(
  counted: 'holds' | 'does-not-hold',
  needed: number,
): { add(evidence: Evidence): boolean } {
  let count = 0;
  let lastAt = -Infinity;
  return {
    add(evidence) {
      if (evidence.kind === 'nothing-fresh') return false;
      if (evidence.kind !== counted) {
        count = 0;
        return false;
      }
      if (evidence.at > lastAt) {
        count += 1;
        lastAt = evidence.at;
      }
      return count >= needed;
    },
  };
}
