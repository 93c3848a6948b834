import { isDeepStrictEqual } from 'node:util';
import type { Collector } from './collector.ts';
import type { Sample } from './metric.ts';
import { scrape, type ScrapeOptions } from './scrape.ts';
import { startTargetReadings, type TargetReadings } from './target-readings.ts';

/** Hears of a background reading that failed. */
export type BackgroundErrorListener = (collector: string, target: string, error: unknown) => void;

/** The targets of one module: what is read of them in the background, and their scrapes. */
export interface ModuleWatch {
  readonly ids: readonly string[];
  /** The names of its collectors. */
  readonly collectors: readonly string[];
  /** Scrapes a target with some of the collectors. Throws a RangeError where there is no such target. */
  scrape(id: string, only: readonly string[], options: ScrapeOptions): Promise<Sample[]>;
  readingsOf(id: string): TargetReadings | undefined;
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

/** Starts to watch the targets of a module. */
export function startModuleWatch<Target, Entry>(options: ModuleWatchOptions<Target, Entry>): ModuleWatch {
  const { collectors, entries, targetOf, onError, before } = options;
  const readings = new Map(
    Object.entries(entries).map(([id, entry]) => [
      id,
      startTargetReadings({
        collectors,
        target: () => targetOf(id, entry),
        // Without it each reload would hide what was found until it is read again.
        initial: isDeepStrictEqual(before?.entryOf(id), entry)
          ? before?.readingsOf(id)?.results()
          : undefined,
        onError: (collector, error) => onError(collector, id, error),
      }),
    ]),
  );
  const entryOf = (id: string) => (Object.hasOwn(entries, id) ? entries[id] : undefined);

  return {
    ids: Object.keys(entries),
    collectors: collectors.map(({ name }) => name),
    async scrape(id, only, scrapeOptions) {
      const entry = entryOf(id);
      if (entry === undefined) throw new RangeError(`there is no target ${id}`);
      const chosen = collectors.filter(({ name }) => only.includes(name));
      const samples = await scrape(chosen, targetOf(id, entry), scrapeOptions);
      return [...samples, ...(readings.get(id)?.samples(only) ?? [])];
    },
    readingsOf: (id) => readings.get(id),
    entryOf,
    stop() {
      for (const targetReadings of readings.values()) targetReadings.stop();
    },
  };
}
