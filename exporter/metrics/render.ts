import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricDescriptor, Sample } from './metric.ts';
import type { MetricsFormat } from './metrics-format.ts';
import { RecordedHistogram } from './recorded-histogram.ts';

/**
 * Writes samples in one of Prometheus's formats, in a registry made for them alone: prom-client renames what a registry holds when its
 * format changes. Rejects where two samples have the same name and
 * labels but stand for different things, or a label is not declared.
 */
export async function renderMetrics(
  samples: readonly Sample[],
  format: MetricsFormat = Registry.PROMETHEUS_CONTENT_TYPE,
): Promise<string> {
  const registry = new Registry<MetricsFormat>();
  registry.setContentType(format);
  const families = new Map<string, (sample: Sample) => void>();
  for (const sample of samples) {
    const { metric } = sample;
    let set = families.get(metric.name);
    if (set === undefined) {
      set = addFamily(registry, metric);
      families.set(metric.name, set);
    }
    set(sample);
  }
  return registry.metrics();
}

function addFamily(registry: Registry<MetricsFormat>, metric: MetricDescriptor): (sample: Sample) => void {
  const { name, help } = metric;
  const configuration = { name, help, labelNames: [...metric.labels], registers: [registry] };
  if (metric.kind === 'gauge') {
    const family = new Gauge(configuration);
    return ({ labels, value }) => family.set(labels, value);
  }
  if (metric.kind === 'counter') {
    const family = new Counter(configuration);
    return ({ labels, value }) => family.inc(labels, value);
  }
  const family = new RecordedHistogram(metric, registry);
  return ({ labels, value, suffix }) => {
    if (suffix !== undefined) family.add(suffix, labels, value);
  };
}
