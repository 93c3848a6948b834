import { CollectorError } from '../collector-error.ts';
import type { Sample } from './metric.ts';

/** Throws a CollectorError at a value that cannot be published: it would cost the whole scrape when it is written. */
export function checkValues(samples: readonly Sample[]): void {
  for (const { metric, value } of samples) {
    const isPossible = metric.kind !== 'gauge' ? Number.isFinite(value) && value >= 0 : !Number.isNaN(value);
    if (!isPossible) throw new CollectorError('bad_answer', `${metric.name} cannot be ${value}`);
  }
}
