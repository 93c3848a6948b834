import { readdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { formatProblem } from '../inventory/problem.ts';
import { collectorNames, createCollectors, type Collectors } from './collectors.ts';
import { chooseCollectors, type CollectorChoice } from './choose-collectors.ts';
import { failureOf, messageOf } from './failure.ts';
import { forgetBaseline } from './integrity/baselines.ts';
import type { JobStore } from './jobs/job-store.ts';
import type { ModuleWatch, TargetScrapeOptions } from './scrape/module-watch.ts';
import { isModuleName, moduleNames } from './modules.ts';
import type { Probe } from './scrape/probe.ts';
import { RequestError } from './request-error.ts';
import { createScrapeCounts } from './metrics/scrape-counts.ts';
import { selfSamples } from './metrics/self-metrics.ts';
import { readOsInfo } from './clients/os-info.ts';
import { once } from './scrape/once.ts';
import { startWatch, type Watch } from './scrape/watch.ts';

/** A scrape of one target. */
export interface ProbeRequest extends CollectorChoice {
  readonly module: string;
  readonly target: string;
  readonly timeoutMs: number;
}

/** The exporter without its HTTP. */
export interface Exporter {
  /** Itself, and the machine that it runs on. */
  metrics(timeoutMs: number): Promise<Probe>;
  /** One target. Rejects with a RequestError where module, target or collector is not there. */
  probe(request: ProbeRequest): Promise<Probe>;
  /** Reads what is otherwise read in the background. Rejects with a RequestError where that is not there or fails. */
  refresh(target: string, collector: string): Promise<void>;
  /** Takes a site as it is now for its baseline. Rejects with a RequestError where there is no such site, or it cannot be looked at. */
  takeBaseline(site: string): Promise<void>;
  /** Reads steward.yml again. The last good one stays where it is wrong; the problems are returned. */
  reload(): Promise<readonly string[]>;
  /** So many of the background readings have not been tried since the start. */
  untried(): number;
  stop(): Promise<void>;
}

/** Starts to watch what steward.yml names. */
export function startExporter(
  holder: InventoryHolder,
  log: Logger,
  version: string,
  jobs: JobStore,
): Exporter {
  const collectors = collectorsFor(holder);
  const counts = createScrapeCounts(collectorNames(collectors), log);
  const onBackgroundError = (collector: string, target: string, error: unknown) =>
    counts.failed(target, collector, failureOf(error).reason, error);
  const start = (before?: Watch): Watch => {
    noteJobs(holder, jobs);
    return startWatch(holder.current(), { collectors, jobs, onError: onBackgroundError, before });
  };
  let watch = start();

  const scrape = (target: ProbedTarget, only: readonly string[], timeoutMs: number) =>
    probed(target, only, {
      timeoutMs,
      seriesLimit: holder.current().inventory.exporter.series_limit,
      onError: (...failure) => counts.failed(target.id, ...failure),
      onDropped: (collector, series) => counts.dropped(collector, series),
    });

  return {
    async metrics(timeoutMs) {
      const { module, name, id } = watch.local;
      const files = await readdir('/proc/self/fd').catch(() => []);
      const probe = await scrape({ module, name, id }, module.collectors, timeoutMs);
      const own = [...selfSamples(version, holder.lastReload(), files.length), ...counts.samples()];
      return { ...probe, samples: [...own, ...probe.samples] };
    },
    async probe({ module: name, target, timeoutMs, ...choice }) {
      const module = moduleNamed(watch, name);
      if (!module.ids.includes(target)) {
        throw new RequestError(404, `steward.yml has no such ${name}: ${JSON.stringify(target)}`);
      }
      return scrape({ module, name, id: target }, chooseCollectors(module.collectors, choice), timeoutMs);
    },
    refresh: (target, collector) => refreshed(watch, target, collector),
    takeBaseline: (site) => baselineTaken(watch, stateFolderOf(holder), site),
    async reload() {
      const problems = (await holder.reload()).map(formatProblem);
      if (problems.length === 0) {
        const old = watch;
        watch = start(old);
        await old.stop();
      }
      log.info({ problems }, problems.length === 0 ? 'steward.yml was read again' : 'steward.yml is wrong');
      return problems;
    },
    untried: () => watch.untried(),
    stop: () => watch.stop(),
  };
}

interface ProbedTarget {
  readonly module: ModuleWatch;
  readonly name: string;
  readonly id: string;
}

async function probed(
  { module, name, id }: ProbedTarget,
  only: readonly string[],
  options: TargetScrapeOptions,
): Promise<Probe> {
  const [startedAtMs, start] = [Date.now(), performance.now()];
  const result = await module.scrape(id, only, options);
  return {
    module: name,
    target: id,
    ...result,
    startedAtMs,
    seconds: (performance.now() - start) / 1000,
  };
}

function stateFolderOf(holder: InventoryHolder): string {
  const { inventory, resolveFile } = holder.current();
  return resolveFile(inventory.exporter.state_dir);
}

function collectorsFor(holder: InventoryHolder): Collectors {
  return createCollectors({
    osInfo: once(readOsInfo),
    stateFolder: () => stateFolderOf(holder),
    wordPressOrg: () => holder.current().inventory.exporter.wordpress_org,
    vulnerabilitiesUrl: () => holder.current().inventory.exporter.vulnerabilities_url,
  });
}

/** A job that never reports is late, too: it counts from when it is first seen. */
function noteJobs(holder: InventoryHolder, jobs: JobStore): void {
  for (const id of Object.keys(holder.current().inventory.jobs)) jobs.recordOf(id);
}

async function baselineTaken(watch: Watch, stateFolder: string, site: string): Promise<void> {
  if (!watch.modules.site.ids.includes(site)) {
    throw new RequestError(404, `steward.yml has no such site: ${JSON.stringify(site)}`);
  }
  await forgetBaseline(stateFolder, site);
  await refreshed(watch, site, 'changes');
}

async function refreshed({ modules }: Watch, target: string, collector: string): Promise<void> {
  const reading = Object.values(modules)
    .map((module) => module.readingsOf(target)?.byCollector.get(collector))
    .find((found) => found !== undefined);
  if (reading === undefined) {
    throw new RequestError(404, 'nothing is read in the background for that target and collector');
  }
  try {
    await reading.refresh();
  } catch (error) {
    throw new RequestError(502, messageOf(error));
  }
}

function moduleNamed({ modules }: Watch, name: string): ModuleWatch {
  if (isModuleName(name)) return modules[name];
  throw new RequestError(
    400,
    `there is no module ${JSON.stringify(name)}; there are ${moduleNames.join(', ')}`,
  );
}
