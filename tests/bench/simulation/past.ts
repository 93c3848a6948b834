import { rm } from 'node:fs/promises';
import { alertRules, recordingRules } from '../../rules/rule-files.ts';
import type { TimedQuery } from '../dashboard-queries.ts';
import { agesOf, writeHistory, type PastSeries } from './history.ts';
import { lookbacks } from './lookback.ts';
import type { RuledPrometheus } from './ruled-prometheus.ts';

/** A selector, and for how long what it selects has been there. */
export interface Depth {
  readonly selector: string;
  readonly seconds: number;
  /** For how long there is each sample. */
  readonly denseSeconds: number;
}

const DAY_SECONDS = 86_400;

/** All that the rules look back at, each sample of it. */
export function depthsOfRules(): Depth[] {
  return [...alertRules, ...recordingRules].flatMap(({ expr }) =>
    [...lookbacks(expr)].map(([selector, seconds]) => ({ selector, seconds, denseSeconds: seconds })),
  );
}

/** All that a query of a dashboard shows; of what it shows for a day or longer, samples as far apart as Prometheus bridges. */
export function depthsOfQuery({ expr, rangeSeconds, stepSeconds }: TimedQuery): Depth[] {
  return [...lookbacks(expr)].map(([selector, own]) => {
    const seconds = own + (stepSeconds === undefined ? 0 : rangeSeconds);
    return { selector, seconds, denseSeconds: seconds < DAY_SECONDS ? seconds : 0 };
  });
}

/** Lets Prometheus run once to learn which series there are, and gives its database, made anew, their past. */
export async function givePast(
  prometheus: RuledPrometheus,
  wanted: readonly Depth[],
  progress: (line: string) => void,
): Promise<void> {
  await prometheus.start();
  const past = new Map<string, PastSeries>();
  for (const depth of wanted.filter(({ seconds }) => seconds > 0)) {
    for (const series of await seriesOf(prometheus, depth)) {
      const key = series.name + JSON.stringify(series.labels);
      const known = past.get(key) ?? series;
      past.set(key, {
        ...series,
        seconds: Math.max(series.seconds, known.seconds),
        denseSeconds: Math.max(series.denseSeconds, known.denseSeconds),
      });
    }
  }
  await prometheus.stop();
  await rm(prometheus.dataFolder, { recursive: true });
  const samples = past.values().reduce((sum, series) => sum + agesOf(series).length, 0);
  progress(`${past.size} series get a past of ${(samples / 1e6).toFixed(1)} million samples`);
  await writeHistory(prometheus.dataFolder, [...past.values()]);
}

/** As shipped. */
const SCRAPE_SECONDS = 15;

async function seriesOf(
  prometheus: RuledPrometheus,
  { selector, seconds, denseSeconds }: Depth,
): Promise<PastSeries[]> {
  const { result } = await prometheus.api<{
    result: { metric: Record<string, string>; value: [number, string] }[];
  }>(`query?${new URLSearchParams({ query: selector }).toString()}`);
  return result.map(({ metric: { __name__: name = '', ...labels }, value }) => ({
    name,
    labels,
    value: Number(value[1]),
    seconds,
    denseSeconds,
    everySeconds: recordingRules.find(({ record }) => record === name)?.everySeconds ?? SCRAPE_SECONDS,
  }));
}
