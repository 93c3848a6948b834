import type { Registry } from 'prom-client';

/** What a metric is, for people. */
export interface DescribedMetric {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** prom-client has the names of labels on each metric, and leaves them out of its types. */
type Registered = ReturnType<Registry['getMetricsAsArray']>[number] & {
  readonly labelNames?: readonly string[];
};

/** What each metric of a registry is, whether it has a value or not; nothing is read for it. */
export function describeMetrics(registry: Registry): DescribedMetric[] {
  return registry.getMetricsAsArray().map(({ name, type, help, labelNames = [] }: Registered) => ({
    name,
    kind: String(type),
    help,
    labels: labelNames.filter((label) => label !== 'le'),
  }));
}
