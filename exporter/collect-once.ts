import type { LoadedInventory } from '../inventory/load.ts';
import { createCollectors } from './collectors.ts';
import type { Collector } from './collector.ts';
import { readOsInfo } from './clients/os-info.ts';
import { guardSeries } from './metrics/guard-series.ts';
import type { JobStore } from './jobs/job-store.ts';
import { createTargetMaker } from './targets/make-targets.ts';
import type { Sample } from './metrics/metric.ts';
import { once } from './scrape/once.ts';
import type { ScrapeReport } from './scrape/probe.ts';
import { scrape } from './scrape/scrape.ts';

/** Something of steward.yml that can be looked at from anywhere: a job cannot, it reports by itself. */
export interface CollectedTarget {
  readonly module: 'host' | 'site' | 'bot';
  readonly id: string;
}

/** What became of one part of a collector. */
export interface CollectedPart extends ScrapeReport {
  readonly collector: string;
  /** Whether the exporter reads it beside its scrapes. */
  readonly isBackground: boolean;
}

/** What there is to know of a target now. */
export interface Collected {
  readonly target: CollectedTarget;
  readonly parts: readonly CollectedPart[];
  readonly samples: readonly Sample[];
}

/** How it is done. */
export interface CollectOnceOptions {
  /** A folder of its own: what the exporter remembers there is not to be touched by somebody else. */
  readonly stateFolder: string;
  /** Hears of each part before it begins: how many are done, of how many. */
  readonly onProgress: (done: number, total: number, part: string) => void;
}

/** As long as a scrape of the exporter may take, and as long as the slowest reading in its background. */
const [SCRAPE_TIMEOUT_MS, BACKGROUND_TIMEOUT_MS] = [10_000, 10 * 60_000];

/** Every target of an inventory that can be looked at. */
export function collectedTargets({ inventory: { hosts, sites, bots } }: LoadedInventory): CollectedTarget[] {
  const of = (module: CollectedTarget['module'], section: object) =>
    Object.keys(section).map((id) => ({ module, id }));
  return [...of('host', hosts), ...of('site', sites), ...of('bot', bots)];
}

/**
 * Runs all collectors of targets once, one after the other, those too that the exporter runs in its background, over connections of its own.
 * One that fails costs its own part. Rejects with a RangeError where steward.yml has no such target.
 */
export async function collectOnce(
  loaded: LoadedInventory,
  targets: readonly CollectedTarget[],
  { stateFolder, onProgress }: CollectOnceOptions,
): Promise<Collected[]> {
  const collectors = createCollectors({
    osInfo: once(readOsInfo),
    stateFolder: () => stateFolder,
    wordPressOrg: () => loaded.inventory.exporter.wordpress_org,
    vulnerabilitiesUrl: () => loaded.inventory.exporter.vulnerabilities_url,
  });
  const maker = createTargetMaker(loaded, noJobs);
  const { hosts, sites, bots } = loaded.inventory;
  const plans = targets.map((target) => {
    const { module, id } = target;
    const parts = {
      host: () => partsOf(collectors.host, () => maker.host(id, entryOf(hosts, id))),
      site: () => partsOf(collectors.site, () => maker.site(id, entryOf(sites, id))),
      bot: () => partsOf(collectors.bot, () => maker.bot(id, entryOf(bots, id))),
    }[module]();
    return { target, parts };
  });
  const total = plans.reduce((sum, { parts }) => sum + parts.length, 0);
  let done = 0;
  try {
    const collected: Collected[] = [];
    for (const { target, parts } of plans) {
      const results = [];
      for (const part of parts) {
        onProgress(done, total, `${target.id}: ${part.collector}`);
        results.push({ ...part, ...(await part.run()) });
        done += 1;
      }
      collected.push(joined(target, results, loaded.inventory.exporter.series_limit));
    }
    return collected;
  } finally {
    await maker.close();
  }
}

interface Part {
  readonly collector: string;
  readonly isBackground: boolean;
  run(): Promise<{ readonly report: ScrapeReport; readonly samples: readonly Sample[] }>;
}

function partsOf<Target>(collectors: readonly Collector<Target>[], target: () => Target): Part[] {
  return collectors.flatMap((collector) => {
    const { name, metrics, collect, background } = collector;
    const ways = [
      { way: collect, isBackground: false, timeoutMs: SCRAPE_TIMEOUT_MS },
      {
        way: background && ((...call: Parameters<typeof background.read>) => background.read(...call)),
        isBackground: true,
        timeoutMs: BACKGROUND_TIMEOUT_MS,
      },
    ];
    return ways.flatMap(({ way, isBackground, timeoutMs }) =>
      way === undefined
        ? []
        : [
            {
              collector: name,
              isBackground,
              run: () => runAlone({ name, metrics, collect: way }, target(), timeoutMs),
            },
          ],
    );
  });
}

async function runAlone<Target>(collector: Collector<Target>, target: Target, timeoutMs: number) {
  const runs = await scrape([collector], target, { timeoutMs, onError: () => undefined });
  const run = runs.get(collector.name);
  if (run === undefined) throw new Error(`${collector.name} did not run`);
  return run;
}

function joined(
  target: CollectedTarget,
  results: readonly (Part & { readonly report: ScrapeReport; readonly samples: readonly Sample[] })[],
  seriesLimit: number,
): Collected {
  const { samples } = guardSeries(
    results.flatMap((result) => result.samples),
    seriesLimit * results.length,
  );
  const parts = results.map(({ collector, isBackground, report }) => ({
    collector,
    isBackground,
    ...report,
  }));
  return { target, parts, samples };
}

function entryOf<Entry>(section: Readonly<Record<string, Entry>>, id: string): Entry {
  const entry = Object.hasOwn(section, id) ? section[id] : undefined;
  if (entry === undefined) throw new RangeError(`steward.yml has no ${JSON.stringify(id)}`);
  return entry;
}

/** Jobs are no targets here. */
const noJobs: Pick<JobStore, 'recordOf'> = {
  recordOf() {
    throw new TypeError('a job reports by itself');
  },
};
