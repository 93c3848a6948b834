/** What a metric is: its name, kind, labels and the sentence that documents it. */
export interface MetricDescriptor<Label extends string = string> {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  /** One sentence for the operator: what is measured, in which unit, and how old it may be. */
  readonly help: string;
  readonly labels: readonly Label[];
}

/** One measured value of a metric. */
export interface Sample {
  readonly metric: MetricDescriptor;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Describes a gauge: a value that goes up and down. */
export function gauge<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): MetricDescriptor<Label> {
  return Object.freeze({ name, kind: 'gauge', help, labels });
}

/** Describes a counter: a value that only grows, or starts again at zero. */
export function counter<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): MetricDescriptor<Label> {
  return Object.freeze({ name, kind: 'counter', help, labels });
}

/** Pairs a metric with a value and exactly the labels that it declares. */
export function sample<Label extends string>(
  metric: MetricDescriptor<Label>,
  value: number,
  ...[labels]: [Label] extends [never] ? [] : [Readonly<Record<Label, string>>]
): Sample {
  return { metric, labels: labels ?? {}, value };
}
