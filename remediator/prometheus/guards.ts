import { isConclusive } from './evidence.ts';
import type { PrometheusClient } from './prometheus-client.ts';

/** Asks guards in their order and returns the first that does not hold, or undefined where all do. Rejects with a PrometheusError. */
export async function failingGuard(
  prometheus: PrometheusClient,
  guards: readonly string[],
): Promise<string | undefined> {
  for (const guard of guards) {
    if (!isConclusive(await prometheus.query(guard))) return guard;
  }
  return undefined;
}
