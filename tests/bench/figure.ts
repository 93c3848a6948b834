/** One measured figure, held against the limit that the project set itself. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'ratio' | 'count';
  readonly limit: number;
  readonly better: 'lower' | 'higher';
  readonly ok: boolean;
  /** How many measurements the value was taken from. */
  readonly runs: number;
}

/** A benchmark: measures, tells its progress, and returns its figures. */
export type Bench = (progress: (line: string) => void) => Promise<readonly Figure[]>;

/** Returns the value below which the given share (0 to 1) of the measurements lies, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Makes a figure of which less is better. */
export function atMost(
  name: string,
  unit: Figure['unit'],
  limit: number,
  value: number,
  runs: number,
): Figure {
  return { name, value: round(value), unit, limit, better: 'lower', ok: value <= limit, runs };
}

/** Makes a figure of which more is better. */
export function atLeast(
  name: string,
  unit: Figure['unit'],
  limit: number,
  value: number,
  runs: number,
): Figure {
  return { name, value: round(value), unit, limit, better: 'higher', ok: value >= limit, runs };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
