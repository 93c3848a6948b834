import { z } from 'zod';
import type { MetricDescriptor, Sample } from '../../metrics/metric.ts';

/** One subject of the answer that a site gives about itself: its name there, its metrics, and how they are made of it. */
export interface WordPressPart {
  readonly name: string;
  readonly metrics: readonly MetricDescriptor[];
  /** Returns undefined where the value is not what it should be. */
  readonly samples: (value: unknown) => readonly Sample[] | undefined;
}

/** Ties a part's schema to the function that makes samples of it. */
export function wordPressPart<Value>(
  name: string,
  schema: z.ZodType<Value>,
  metrics: readonly MetricDescriptor[],
  samplesOf: (value: Value) => readonly Sample[],
): WordPressPart {
  return {
    name,
    metrics,
    samples(value) {
      const parsed = schema.safeParse(value);
      return parsed.success ? samplesOf(parsed.data) : undefined;
    },
  };
}

/** A number that counts or measures something: finite, and never below zero. */
export const amount = z.number().min(0);

/** Seconds since the epoch, until the end of the year 9999, the last that MySQL knows; null where there is nothing. */
export const timestamp = z.number().min(0).max(253_402_300_799).nullable();

const LONGEST_LABEL = 100;

/** A text that a label may have: without control characters, and not long. */
export const labelText = z.string().transform((text) =>
  text
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, LONGEST_LABEL)
    .toWellFormed(),
);

/** A map from a name to something, with so many entries at the most. */
export function mapOf<Value extends z.ZodType>(value: Value, most: number) {
  return z
    .record(labelText, value)
    .refine((map) => Object.keys(map).length <= most, `more than ${most} entries`);
}

/** The sample of something that may not be there. */
export function known<Value>(value: Value | null, make: (value: Value) => Sample): readonly Sample[] {
  return value === null ? [] : [make(value)];
}
