import { seriesNameOf, type Sample } from './metric.ts';

/** What is left of samples, in their order, and how many are not. */
export interface GuardedSeries {
  readonly samples: readonly Sample[];
  readonly dropped: number;
}

/** Of a longer label value this many characters are kept. */
const VALUE_LIMIT = 200;

/**
 * Keeps what one collector says of one target within bounds: label values of 200 characters, one sample for each series (the first), and so many
 * series. Above that the first by labels and then by name stay, so that the same ones stay in each scrape.
 */
export function guardSeries(samples: readonly Sample[], limit: number): GuardedSeries {
  const bySeries = new Map<string, Sample>();
  for (const sample of samples) {
    const guarded = withShortLabels(sample);
    const series = seriesOf(guarded);
    if (!bySeries.has(series)) bySeries.set(series, guarded);
  }
  if (bySeries.size > limit) {
    for (const series of [...bySeries.keys()].sort().slice(limit)) bySeries.delete(series);
  }
  return { samples: [...bySeries.values()], dropped: samples.length - bySeries.size };
}

/** Halves of characters become what they are on the wire, where two of them would be the same. */
function withShortLabels(sample: Sample): Sample {
  const values = Object.values(sample.labels);
  if (values.every((value) => value.length <= VALUE_LIMIT && value.isWellFormed())) return sample;
  const labels = Object.entries(sample.labels).map(([name, value]) => [name, shortened(value)]);
  return { ...sample, labels: Object.fromEntries(labels) as Record<string, string> };
}

function shortened(value: string): string {
  const characters = Array.from(value.slice(0, 2 * VALUE_LIMIT));
  return characters.slice(0, VALUE_LIMIT).join('').toWellFormed();
}

/** For Prometheus a label without a value is one that is not there. */
function seriesOf(sample: Sample): string {
  const set = Object.entries(sample.labels).filter(([, value]) => value !== '');
  return JSON.stringify([set.sort(([a], [b]) => (a < b ? -1 : 1)), seriesNameOf(sample)]);
}
