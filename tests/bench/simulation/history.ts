import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { runCommand } from '../../../lab/parts/run-command.ts';

/** A series that has been there for some time. */
export interface PastSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What it is now. */
  readonly value: number;
  /** For how long it has been there. */
  readonly seconds: number;
  /** For how long there is each sample; before that they are as far apart as Prometheus bridges. */
  readonly denseSeconds: number;
  /** How far samples are apart there. */
  readonly everySeconds: number;
}

/** How far a query looks back for a sample, if nothing else is set. */
const SPARSE_SECONDS = 300;
/** Enough for the longest history to be read in few passes: promtool reads the whole file once for each block. */
const LONGEST_BLOCK = '500h';
const TIMEOUT_MS = 15 * 60_000;

/**
 * Gives a Prometheus that is not running a past, as blocks of its database: up to now. Counters grow; states and times stay; all else
 * goes up and down a little, as measured values do.
 */
export async function writeHistory(dataFolder: string, series: readonly PastSeries[]): Promise<void> {
  const file = join(dataFolder, '..', 'history.txt');
  const stream = createWriteStream(file);
  const end = Math.floor(Date.now() / 1000);
  for (const one of series) {
    if (!stream.write(textOf(one, end))) await once(stream, 'drain');
  }
  stream.end('# EOF\n');
  await once(stream, 'finish');
  await runCommand(
    [
      'promtool',
      ...['tsdb', 'create-blocks-from', 'openmetrics', '--quiet'],
      ...[`--max-block-duration=${LONGEST_BLOCK}`, file, dataFolder],
    ],
    { timeoutMs: TIMEOUT_MS },
  );
  await rm(file);
}

/** When there are samples of a series, in seconds before now, oldest first. */
export function agesOf({ seconds, denseSeconds, everySeconds }: PastSeries): number[] {
  const ages: number[] = [];
  for (let age = seconds; age > denseSeconds; age -= SPARSE_SECONDS) ages.push(age);
  for (let age = denseSeconds; age > 0; age -= everySeconds) ages.push(age);
  return ages;
}

function textOf(series: PastSeries, end: number): string {
  const { name, labels, value, everySeconds } = series;
  const inside = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  const head = `${name}{${inside.join(',')}} `;
  return agesOf(series)
    .map((age) => `${head}${valueAt(name, value, Math.ceil(age / everySeconds))} ${end - Math.floor(age)}\n`)
    .join('');
}

function valueAt(name: string, value: number, scrapesAgo: number): number {
  if (/_(total|bucket|sum|count)$/.test(name)) return Math.max(0, value - scrapesAgo);
  const isState = Number.isInteger(value) && Math.abs(value) < 1000;
  if (isState || /time|expiry/.test(name)) return value;
  return value * (1 + 0.01 * Math.sin(scrapesAgo));
}
