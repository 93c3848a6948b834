import { readdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { formatProblem } from '../inventory/problem.ts';
import type { BackgroundReading } from './background.ts';
import { CollectorError, type CollectorErrorReason } from './collector-error.ts';
import { createCollectors, type Collectors } from './collectors.ts';
import type { Collector } from './collector.ts';
import { chooseCollectors, type CollectorChoice } from './choose-collectors.ts';
import type { JobStore } from './jobs/job-store.ts';
import { createErrorCounts } from './error-counts.ts';
import type { Sample } from './metric.ts';
import { RequestError } from './request-error.ts';
import { scrape } from './scrape.ts';
import { selfSamples } from './self-metrics.ts';
import { readOsInfo } from './clients/os-info.ts';
import { once } from './once.ts';
import type { JobTarget } from './target.ts';
import { startWatch, type Watch } from './watch.ts';

/** A scrape of one target. */
export interface ProbeRequest extends CollectorChoice {
  readonly module: string;
  readonly target: string;
  readonly timeoutMs: number;
}

/** The exporter without its HTTP. */
export interface Exporter {
  /** Itself, and the machine that it runs on. */
  metrics(timeoutMs: number): Promise<Sample[]>;
  /** One target. Rejects with a RequestError where module, target or collector is not there. */
  probe(request: ProbeRequest): Promise<Sample[]>;
  /** Reads what is otherwise read in the background. Rejects with a RequestError where that is not there or fails. */
  refresh(target: string, collector: string): Promise<void>;
  /** Reads steward.yml again. The last good one stays where it is wrong; the problems are returned. */
  reload(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts to watch what steward.yml names. */
export function startExporter(
  holder: InventoryHolder,
  log: Logger,
  version: string,
  jobs: JobStore,
): Exporter {
  const collectors = collectorsFor(holder, () => watch);
  const errors = createErrorCounts(namesOf(collectors));

  const onError = (target: string) => (collector: string, reason: CollectorErrorReason, error: unknown) => {
    errors.count(collector, reason);
    log.warn({ collector, target, reason, error: messageOf(error) }, 'a collector failed');
  };
  const onBackgroundError = (collector: string, target: string, error: unknown) => {
    onError(target)(collector, error instanceof CollectorError ? error.reason : 'internal', error);
  };
  let watch: Watch = startWatch(holder.current(), onBackgroundError);
  noteJobs(holder, jobs);

  return {
    async metrics(timeoutMs) {
      const { local } = watch;
      const files = await readdir('/proc/self/fd').catch(() => []);
      const host = await scrape(collectors.host, local, { timeoutMs, onError: onError(local.id) });
      return [...selfSamples(version, holder.lastReload(), files.length), ...errors.samples(), ...host];
    },
    async probe({ module, target, timeoutMs, ...choice }) {
      const options = { timeoutMs, onError: onError(target) };
      const run = <Target>(all: readonly Collector<Target>[], entry: Target | undefined) =>
        scrape(chooseCollectors(all, choice), found(entry, target), options);
      switch (module) {
        case 'host':
          return run(collectors.host, watch.hostTarget(target));
        case 'site':
          return run(collectors.site, watch.siteTarget(target));
        case 'job':
          return run(collectors.job, jobTarget(holder, jobs, target));
        default:
          throw unknownModule(module);
      }
    },
    refresh: (target, collector) =>
      refreshed(collector === 'permissions' ? watch.permissionTreeOf(target) : undefined),
    async reload() {
      const problems = (await holder.reload()).map(formatProblem);
      if (problems.length === 0) {
        const old = watch;
        watch = startWatch(holder.current(), onBackgroundError, old);
        noteJobs(holder, jobs);
        await old.stop();
      }
      log.info({ problems }, problems.length === 0 ? 'steward.yml was read again' : 'steward.yml is wrong');
      return problems;
    },
    stop: () => watch.stop(),
  };
}

function collectorsFor(holder: InventoryHolder, watch: () => Watch): Collectors {
  return createCollectors({
    permissionTreeOf: (id) => watch().permissionTreeOf(id),
    osInfo: once(readOsInfo),
    stateFolder() {
      const { inventory, resolveFile } = holder.current();
      return resolveFile(inventory.exporter.state_dir);
    },
  });
}

function namesOf({ host, site, job }: Collectors): string[] {
  return [...host, ...site, ...job].map(({ name }) => name);
}

async function refreshed(reading: BackgroundReading<unknown> | undefined): Promise<void> {
  if (reading === undefined) {
    throw new RequestError(404, 'nothing is read in the background for that target and collector');
  }
  try {
    await reading.refresh();
  } catch (error) {
    throw new RequestError(502, messageOf(error));
  }
}

function unknownModule(module: string): RequestError {
  const message = `there is no module ${JSON.stringify(module)}; there are host, site and job`;
  return new RequestError(400, message);
}

/** A job that never reports is late, too: it counts from when it is first seen. */
function noteJobs(holder: InventoryHolder, jobs: JobStore): void {
  for (const id of Object.keys(holder.current().inventory.jobs)) jobs.recordOf(id);
}

function jobTarget(holder: InventoryHolder, jobs: JobStore, id: string): JobTarget | undefined {
  const entry = holder.current().inventory.jobs[id];
  return entry && { id, entry, record: jobs.recordOf(id) };
}

function found<Value>(target: Value | undefined, id: string): Value {
  if (target === undefined)
    throw new RequestError(404, `steward.yml has no such entry: ${JSON.stringify(id)}`);
  return target;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
