import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { threadSeconds } from './cpu-time.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';
import { residentMegabytes } from './memory.ts';
import { startRecordedSite } from './simulation/recorded-site.ts';
import { startSimulatedFleet, type FleetSize, type SimulatedFleet } from './simulation/simulated-fleet.ts';
import { watchFleet, type WatchedFleet } from './simulation/watched-fleet.ts';

const nobody: FleetSize = { sites: 0, bots: 0 };
const agency: FleetSize = { sites: 50, bots: 5 };
const few: FleetSize = { sites: 10, bots: 0 };
const many: FleetSize = { sites: 1000, bots: 0 };

/** Long enough for each reading in the background that has a minute's interval to come twice. */
const MEASURED_SECONDS = 120;
/** As Prometheus comes shipped, and the interval that the limit for a thousand sites is for. */
const [SHIPPED_SECONDS, MINUTE] = [15, 60];
const METRICS_PAUSE_MS = 200;
const WARM_UP_PROBES = 1000;

type Progress = (line: string) => void;

/**
 * What one exporter takes: the time of /metrics and its memory while it watches nothing, and 50 sites and 5 bots; its CPU with 10 and with
 * 1,000 sites. Hosts speak real SSH and play back what a real hardened host with a real WordPress answered; a real Prometheus scrapes.
 */
export const exporter: Bench = async (progress) => {
  const root = new URL('../..', import.meta.url).pathname;
  await runCommand([process.execPath, 'cli/strip.ts'], { cwd: root });
  const folder = await createTempFolder('steward-bench-exporter');
  await using started = new AsyncDisposableStack();
  started.defer(() => folder.remove());
  progress('a real site to record');
  const recorded = await startRecordedSite(folder.path);
  started.defer(() => recorded.stop());
  const fleet = await startSimulatedFleet(folder.path, recorded, { sites: many.sites, bots: agency.bots });
  started.defer(() => fleet.stop());

  const watch = (size: FleetSize, intervalSeconds: number) =>
    watching(folder.path, fleet, size, intervalSeconds, progress);
  const idle = await watch(nobody, SHIPPED_SECONDS)(measureMemory);
  const withAgency = await watch(agency, SHIPPED_SECONDS)(measureMetricsAndMemory);
  const withFew = await watch(few, MINUTE)((watched) => measureCpu(watched, few.sites));
  const withMany = await watch(many, MINUTE)((watched) => measureCpu(watched, many.sites));
  return [
    atMost('/metrics, p50', 'ms', 10, quantile(withAgency.milliseconds, 0.5), withAgency.milliseconds.length),
    atMost(
      '/metrics, p99',
      'ms',
      30,
      quantile(withAgency.milliseconds, 0.99),
      withAgency.milliseconds.length,
    ),
    atMost('memory, idle', 'MB', 110, idle, 1),
    atMost('memory with 50 sites and 5 bots', 'MB', 170, withAgency.megabytes, 1),
    ...cpuFigures(withFew, withMany),
  ];
};

/** Starts an exporter and a Prometheus for one measurement, and ends them. */
function watching(
  folder: string,
  fleet: SimulatedFleet,
  size: FleetSize,
  intervalSeconds: number,
  progress: Progress,
) {
  return async <Result>(measure: (watched: WatchedFleet) => Promise<Result>): Promise<Result> => {
    progress(`${size.sites} sites and ${size.bots} bots, every ${intervalSeconds} s`);
    const watched = await watchFleet(folder, fleet.inventory(size), intervalSeconds);
    try {
      const result = await measure(watched);
      progress(JSON.stringify(result, (key, value: unknown) => (key === 'milliseconds' ? undefined : value)));
      return result;
    } finally {
      await watched.stop();
    }
  };
}

/** The most memory that was in use, looked at once a second. */
async function measureMemory({ exporter: process }: WatchedFleet): Promise<number> {
  let most = 0;
  for (let second = 0; second < MEASURED_SECONDS; second += 1) {
    most = Math.max(most, await residentMegabytes(process.pid));
    await delay(1000);
  }
  return most;
}

async function measureMetricsAndMemory(watched: WatchedFleet) {
  const memory = measureMemory(watched);
  const milliseconds: number[] = [];
  const count = (MEASURED_SECONDS * 1000) / (2 * METRICS_PAUSE_MS);
  for (let scrape = 0; scrape < count; scrape += 1) {
    const start = performance.now();
    await (await fetch(`${watched.url}/metrics`)).text();
    milliseconds.push(performance.now() - start);
    await delay(METRICS_PAUSE_MS);
  }
  return { milliseconds, megabytes: await memory };
}

interface CpuUse {
  /** The CPU that was used, as a share of one CPU. */
  readonly share: number;
  readonly secondsASiteAndMinute: number;
  /** Scrapes that failed, or did not take place. */
  readonly missed: number;
}

async function measureCpu({ exporter: process, url, value }: WatchedFleet, sites: number): Promise<CpuUse> {
  // V8 takes a few hundred scrapes to compile what they need: with few sites that would be most of what is measured.
  for (let probe = 0; probe < WARM_UP_PROBES; probe += 1) {
    await (await fetch(`${url}/probe?module=site&target=site-${probe % sites}`)).text();
  }
  const [startedAt, before] = [performance.now(), await threadSeconds(process.pid)];
  await delay(MEASURED_SECONDS * 1000);
  const seconds = (await threadSeconds(process.pid)) - before;
  const elapsed = (performance.now() - startedAt) / 1000;
  return {
    share: seconds / elapsed,
    secondsASiteAndMinute: ((seconds / elapsed) * MINUTE) / sites,
    missed: await missedScrapes(value, sites),
  };
}

/**
 * Scrapes that failed, and those that did not take place. For the latter it looks back a second longer than was measured: a scrape that came some
 * milliseconds late would else fall out of the window at its edge.
 */
async function missedScrapes(value: WatchedFleet['value'], sites: number): Promise<number> {
  const expected = MEASURED_SECONDS / MINUTE;
  const ups = (seconds: number) => `up{job="site"}[${seconds}s]`;
  const [failed, took] = await Promise.all([
    value(`sum(count_over_time(${ups(MEASURED_SECONDS)}) - sum_over_time(${ups(MEASURED_SECONDS)}))`),
    value(`sum(clamp_max(count_over_time(${ups(MEASURED_SECONDS + 1)}), ${expected}))`),
  ]);
  return failed + expected * sites - took;
}

function cpuFigures(withFew: CpuUse, withMany: CpuUse): Figure[] {
  const growth = withMany.secondsASiteAndMinute / withFew.secondsASiteAndMinute;
  return [
    atMost('CPU with 1,000 sites, as a share of one', 'ratio', 0.5, withMany.share, 1),
    atMost('missed scrapes of 1,000 sites', 'count', 0, withMany.missed, 1),
    atMost('cost of a site with 1,000 sites beside 10', 'ratio', 1.1, growth, 1),
  ];
}
