import { parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import type { PrometheusClient, VectorSample } from './prometheus-client.ts';

/** What asking a query showed. `at` is the time of the oldest sample that it stands on, in seconds since the epoch. */
export type Evidence =
  | { readonly kind: 'holds'; readonly at: number }
  | { readonly kind: 'does-not-hold'; readonly at: number }
  | { readonly kind: 'nothing-fresh' };

/** A result counts only when it is not empty and all of it is finite. */
export function isConclusive(result: readonly VectorSample[]): boolean {
  return result.length > 0 && result.every(({ value }) => Number.isFinite(value));
}

/**
 * Asks a query on samples that are all newer than a time on Prometheus's clock. Each selector must have such samples, and where the metric is
 * read in the background by the exporter, the data of the target must have been read after that time, too.
 */
export async function freshEvidence(
  prometheus: PrometheusClient,
  query: string,
  target: string,
  afterSeconds: number,
): Promise<Evidence> {
  const selectors = vectorSelectors(parsePromql(query));
  const metrics = selectors.flatMap(({ metric }) => metric ?? []);
  const [sampleTimes, dataTimes] = await Promise.all([
    Promise.all(selectors.map(({ text }) => oldest(prometheus, timesOf(text), -Infinity))),
    Promise.all(metrics.map((metric) => oldest(prometheus, dataTimestampOf(metric, target), Infinity))),
  ]);
  const at = Math.min(...sampleTimes);
  if (!(Math.min(at, ...dataTimes) > afterSeconds)) return { kind: 'nothing-fresh' };
  const holds = isConclusive(await prometheus.query(query));
  return { kind: holds ? 'holds' : 'does-not-hold', at };
}

/** After the exporter has restarted it has no data at first: looking back, it is known that there must be some. */
const LOOK_BACK = '1h';

function dataTimestampOf(metric: string, target: string): string {
  return `last_over_time(steward_data_timestamp_seconds{metric="${metric}",instance="${target}"}[${LOOK_BACK}])`;
}

/** The time of each series that is there. VictoriaMetrics tells those of one that has ended for minutes more, and Prometheus does not. */
function timesOf(selector: string): string {
  return `timestamp(${selector}) and ${selector}`;
}

async function oldest(prometheus: PrometheusClient, query: string, ifEmpty: number): Promise<number> {
  const result = await prometheus.query(query);
  return result.length === 0 ? ifEmpty : Math.min(...result.map(({ value }) => value));
}
