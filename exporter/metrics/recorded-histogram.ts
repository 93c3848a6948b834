import { Histogram, type Registry } from 'prom-client';
import type { MetricsFormat } from './metrics-format.ts';
import type { HistogramSuffix, MetricDescriptor, Sample } from './metric.ts';

/** A histogram of prom-client that writes what was counted elsewhere, instead of what it observed itself. */
export class RecordedHistogram extends Histogram {
  readonly #empty: Histogram;
  readonly #values: { metricName: string; labels: Record<string, string>; value: number }[] = [];
  readonly #name: string;

  /** Adds itself to the registry. */
  constructor({ name, help }: MetricDescriptor, registry: Registry<MetricsFormat>) {
    super({ name, help, registers: [registry] });
    this.#name = name;
    this.#empty = new Histogram({ name, help, registers: [] });
  }

  /** Adds a series. */
  add(suffix: HistogramSuffix, labels: Sample['labels'], value: number): void {
    this.#values.push({ metricName: `${this.#name}${suffix}`, labels: { ...labels }, value });
  }

  /** What the registry writes. */
  async getForPromString() {
    return { ...(await this.#empty.get()), values: this.#values };
  }
}
