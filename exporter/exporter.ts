import { readdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { formatProblem } from '../inventory/problem.ts';
import { CollectorError, type CollectorErrorReason } from './collector-error.ts';
import { createCollectors } from './collectors.ts';
import type { Collector } from './collector.ts';
import { createErrorCounts } from './error-counts.ts';
import type { Sample } from './metric.ts';
import { scrape } from './scrape.ts';
import { selfSamples } from './self-metrics.ts';
import { readOsInfo } from './clients/os-info.ts';
import { once } from './once.ts';
import { startWatch, type Watch } from './watch.ts';

/** What a request asks for that is not there, or not so. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: 400 | 404 | 502 | 503;

  constructor(status: 400 | 404 | 502 | 503, message: string) {
    super(message);
    this.status = status;
  }
}

/** A scrape of one target. */
export interface ProbeRequest {
  readonly module: string;
  readonly target: string;
  /** The collectors to run; all where none is named. */
  readonly only: readonly string[];
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
export function startExporter(holder: InventoryHolder, log: Logger, version: string): Exporter {
  const osInfo = once(readOsInfo);
  const collectors = createCollectors({ permissionTreeOf: (id) => watch.permissionTreeOf(id), osInfo });
  const errors = createErrorCounts([...collectors.host, ...collectors.site].map(({ name }) => name));

  const onError = (target: string) => (collector: string, reason: CollectorErrorReason, error: unknown) => {
    errors.count(collector, reason);
    log.warn({ collector, target, reason, error: messageOf(error) }, 'a collector failed');
  };
  const onBackgroundError = (collector: string, target: string, error: unknown) => {
    onError(target)(collector, error instanceof CollectorError ? error.reason : 'internal', error);
  };
  let watch: Watch = startWatch(holder.current(), onBackgroundError);

  return {
    async metrics(timeoutMs) {
      const { local } = watch;
      const files = await readdir('/proc/self/fd').catch(() => []);
      const host = await scrape(collectors.host, local, { timeoutMs, onError: onError(local.id) });
      return [...selfSamples(version, holder.lastReload(), files.length), ...errors.samples(), ...host];
    },
    async probe({ module, target, only, timeoutMs }) {
      const options = { timeoutMs, onError: onError(target) };
      switch (module) {
        case 'host':
          return scrape(chosen(collectors.host, only), found(watch.hostTarget(target), target), options);
        case 'site':
          return scrape(chosen(collectors.site, only), found(watch.siteTarget(target), target), options);
        default:
          throw new RequestError(
            400,
            `there is no module ${JSON.stringify(module)}; there are host and site`,
          );
      }
    },
    async refresh(target, collector) {
      const reading = collector === 'permissions' ? watch.permissionTreeOf(target) : undefined;
      if (reading === undefined) {
        throw new RequestError(404, 'nothing is read in the background for that target and collector');
      }
      try {
        await reading.refresh();
      } catch (error) {
        throw new RequestError(502, messageOf(error));
      }
    },
    async reload() {
      const problems = (await holder.reload()).map(formatProblem);
      if (problems.length === 0) {
        const old = watch;
        watch = startWatch(holder.current(), onBackgroundError, old);
        await old.stop();
      }
      log.info({ problems }, problems.length === 0 ? 'steward.yml was read again' : 'steward.yml is wrong');
      return problems;
    },
    stop: () => watch.stop(),
  };
}

function found<Value>(target: Value | undefined, id: string): Value {
  if (target === undefined)
    throw new RequestError(404, `steward.yml has no such entry: ${JSON.stringify(id)}`);
  return target;
}

function chosen<Target>(
  all: readonly Collector<Target>[],
  only: readonly string[],
): readonly Collector<Target>[] {
  const unknown = only.find((name) => !all.some((collector) => collector.name === name));
  if (unknown !== undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw new RequestError(400, `there is no collector ${JSON.stringify(unknown)} here; there are ${names}`);
  }
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
