import { isConclusive } from './evidence.ts';
import type { PrometheusClient, VectorSample } from './prometheus-client.ts';

/** A guard, and what Prometheus said to it. */
export interface AskedGuard {
  readonly query: string;
  /** Its values, for people. */
  readonly says: string;
}

/** What became of a policy's guards: all that were asked, and among them the one that does not hold. */
export interface AskedGuards {
  readonly asked: readonly AskedGuard[];
  readonly failing?: AskedGuard;
}

/** Asks guards in their order, up to the first that does not hold. Rejects with a PrometheusError. */
export async function askGuards(
  prometheus: PrometheusClient,
  guards: readonly string[],
): Promise<AskedGuards> {
  const asked: AskedGuard[] = [];
  for (const query of guards) {
    const result = await prometheus.query(query);
    const guard = { query, says: describeValues(result) };
    asked.push(guard);
    if (!isConclusive(result)) return { asked, failing: guard };
  }
  return { asked };
}

const SHOWN_VALUES = 5;

function describeValues(result: readonly VectorSample[]): string {
  if (result.length === 0) return 'nothing';
  const values = result.slice(0, SHOWN_VALUES).map(({ value }) => String(value));
  return [...values, ...(result.length > SHOWN_VALUES ? ['…'] : [])].join(', ');
}
