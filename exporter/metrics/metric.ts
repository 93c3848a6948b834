/** What a metric is: its name, kind, labels and the sentence that documents it. */
export interface MetricDescriptor<Label extends string = string> {
  readonly name: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  /** One sentence for the operator: what is measured, in which unit, and how old it may be. */
  readonly help: string;
  readonly labels: readonly Label[];
}

/** One measured value of a metric. */
export interface Sample {
  readonly metric: MetricDescriptor;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Which series of a histogram it belongs to. */
  readonly suffix?: HistogramSuffix;
}

/** What the series of a histogram end in. */
export type HistogramSuffix = '_bucket' | '_sum' | '_count';

const histogramSuffixes: readonly HistogramSuffix[] = ['_bucket', '_sum', '_count'];

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

/** Describes a histogram whose observations were made elsewhere: how many there were up to each bound, and their sum. */
export function histogram<const Label extends string = never>(
  name: string,
  help: string,
  labels: readonly Label[] = [],
): MetricDescriptor<Label> {
  return Object.freeze({ name, kind: 'histogram', help, labels });
}

/** The names of the series that a metric has. */
export function seriesNames({ name, kind }: MetricDescriptor): string[] {
  return kind === 'histogram' ? histogramSuffixes.map((suffix) => `${name}${suffix}`) : [name];
}

/** The name of the series that a sample belongs to. */
export function seriesNameOf({ metric, suffix }: Pick<Sample, 'metric' | 'suffix'>): string {
  return suffix === undefined ? metric.name : `${metric.name}${suffix}`;
}

/** Observations that were made elsewhere. */
export interface Observations {
  /** How many were at most so much, by bound, in ascending order; each includes those before it. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly count: number;
  readonly sum: number;
}

/** The samples of a histogram, with the bucket for everything at the end. */
export function histogramSamples(
  metric: MetricDescriptor,
  labels: Readonly<Record<string, string>>,
  { buckets, count, sum }: Observations,
): Sample[] {
  const bounds = [
    ...buckets.map(([bound, upTo]) => [String(bound), upTo] as const),
    ['+Inf', count] as const,
  ];
  return [
    ...bounds.map(([le, value]): Sample => ({ metric, labels: { ...labels, le }, value, suffix: '_bucket' })),
    { metric, labels, value: sum, suffix: '_sum' },
    { metric, labels, value: count, suffix: '_count' },
  ];
}

/** Pairs a metric with a value and exactly the labels that it declares. */
export function sample<Label extends string>(
  metric: MetricDescriptor<Label>,
  value: number,
  ...[labels]: [Label] extends [never] ? [] : [Readonly<Record<Label, string>>]
): Sample {
  return { metric, labels: labels ?? {}, value };
}
