import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricDescriptor, Sample } from './metric.ts';

/** What Prometheus is told the text is. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Writes samples in Prometheus's text format, in a registry made for them alone. Rejects where two samples have the same name and
 * labels but stand for different things, or a label is not declared.
 */
export async function renderMetrics(samples: readonly Sample[]): Promise<string> {
  const registry = new Registry();
  const families = new Map<string, (labels: Sample['labels'], value: number) => void>();
  for (const { metric, labels, value } of samples) {
    let set = families.get(metric.name);
    if (set === undefined) {
      set = addFamily(registry, metric);
      families.set(metric.name, set);
    }
    set(labels, value);
  }
  return registry.metrics();
}

function addFamily(
  registry: Registry,
  metric: MetricDescriptor,
): (labels: Sample['labels'], value: number) => void {
  const { name, help } = metric;
  const configuration = { name, help, labelNames: [...metric.labels], registers: [registry] };
  if (metric.kind === 'gauge') {
    const family = new Gauge(configuration);
    return (labels, value) => family.set(labels, value);
  }
  const family = new Counter(configuration);
  return (labels, value) => family.inc(labels, value);
}
