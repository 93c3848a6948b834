import { isDeepStrictEqual } from 'node:util';
import type { Collector } from '../collector.ts';
import { guardSeries } from '../metrics/guard-series.ts';
import type { Sample } from '../metrics/metric.ts';
import type { CollectorReport } from './probe.ts';
import { reportSamples, scrape, type CollectorRun, type ScrapeOptions } from './scrape.ts';
import { startTargetReadings, type ShownReading, type TargetReadings } from './target-readings.ts';

/** Hears of a background reading that failed. */
export type BackgroundErrorListener = (collector: string, target: string, error: unknown) => void;

/** How a target is scraped. */
export interface TargetScrapeOptions extends ScrapeOptions {
  /** So many series of each collector are shown. */
  readonly seriesLimit: number;
  /** Hears of the series that are not. */
  readonly onDropped: (collector: string, series: number) => void;
}

/** What a scrape of a target gave. */
export interface TargetScrape {
  readonly reports: readonly CollectorReport[];
  readonly samples: readonly Sample[];
}

/** The targets of one module: what is read of them in the background, and their scrapes. */
export interface ModuleWatch {
  readonly ids: readonly string[];
  /** The names of its collectors. */
  readonly collectors: readonly string[];
  /** Scrapes a target with some of the collectors. Throws a RangeError where there is no such target. */
  scrape(id: string, only: readonly string[], options: TargetScrapeOptions): Promise<TargetScrape>;
  readingsOf(id: string): TargetReadings | undefined;
  /** So many background readings have not been tried yet. */
  untried(): number;
  /** What steward.yml said of a target. */
  entryOf(id: string): unknown;
  stop(): void;
}

/** What a module consists of. */
export interface ModuleWatchOptions<Target, Entry> {
  readonly collectors: readonly Collector<Target>[];
  readonly entries: Readonly<Record<string, Entry>>;
  /** Makes a target for one scrape or one reading. */
  readonly targetOf: (id: string, entry: Entry) => Target;
  readonly onError: BackgroundErrorListener;
  /** The module until now: what it read of a target that is still the same counts on. */
  readonly before?: ModuleWatch | undefined;
}

/**
 * The first readings of the targets begin this share of their interval apart: all of hundreds at once would be a stampede at their hosts, and
 * what is read each hour takes the most memory. Ten sites are read within 10 seconds where the interval is a quarter of an hour.
 */
const APART = 1 / 900;

/** Starts to watch the targets of a module. */
export function startModuleWatch<Target, Entry>(options: ModuleWatchOptions<Target, Entry>): ModuleWatch {
  const { collectors, entries, targetOf, onError, before } = options;
  const ids = Object.keys(entries);
  const readings = new Map(
    Object.entries(entries).map(([id, entry], place) => [
      id,
      startTargetReadings({
        collectors,
        target: () => targetOf(id, entry),
        // Without it each reload would hide what was found until it is read again.
        initial: isDeepStrictEqual(before?.entryOf(id), entry)
          ? before?.readingsOf(id)?.results()
          : undefined,
        firstAfterMs: (intervalMs) => place * intervalMs * Math.min(APART, 1 / ids.length),
        onError: (collector, error) => onError(collector, id, error),
      }),
    ]),
  );
  const entryOf = (id: string) => (Object.hasOwn(entries, id) ? entries[id] : undefined);

  return {
    ids,
    collectors: collectors.map(({ name }) => name),
    async scrape(id, only, scrapeOptions) {
      const entry = entryOf(id);
      if (entry === undefined) throw new RangeError(`there is no target ${id}`);
      const chosen = collectors.filter(({ name }) => only.includes(name));
      const runs = await scrape(chosen, targetOf(id, entry), scrapeOptions);
      const results = chosen.map(({ name }) =>
        collectorResult(name, runs.get(name), readings.get(id)?.shown(name), scrapeOptions),
      );
      return {
        reports: results.map(({ report }) => report),
        samples: results.flatMap(({ samples }) => samples),
      };
    },
    readingsOf: (id) => readings.get(id),
    untried: () => [...readings.values()].reduce((sum, each) => sum + each.untried(), 0),
    entryOf,
    stop() {
      for (const targetReadings of readings.values()) targetReadings.stop();
    },
  };
}

/** What a collector gave in the scrape counts before what it read beside it. */
function collectorResult(
  collector: string,
  run: CollectorRun | undefined,
  reading: ShownReading | undefined,
  { seriesLimit, onDropped }: TargetScrapeOptions,
): { readonly report: CollectorReport; readonly samples: readonly Sample[] } {
  const given = [...(run?.samples ?? []), ...(reading?.samples ?? [])];
  const { samples, dropped } = guardSeries(given, seriesLimit);
  if (dropped > 0) onDropped(collector, dropped);
  return {
    report: {
      collector,
      scrape: run?.report,
      background: reading?.report,
      series: samples.length,
      dropped,
    },
    samples: [
      ...samples,
      ...(run === undefined ? [] : reportSamples(collector, run.report)),
      ...(reading?.timestamps ?? []),
    ],
  };
}
