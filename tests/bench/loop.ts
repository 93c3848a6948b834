import { setTimeout as delay } from 'node:timers/promises';
import { breakAndFollow, type Phase } from '../../lab/healing.ts';
import { permissions } from '../../lab/faults/permissions.ts';
import { phpFpm } from '../../lab/faults/php-fpm.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { startLab, type Lab } from '../../lab/stack/lab.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';
import { residentMegabytes } from './memory.ts';

const RUNS = 5;
const SCRAPES = 300;

/**
 * The loop on the lab, with exporter and remediator as stripped JavaScript: from the fault to the fix at two intervals, the set-up, the scrape, and
 * the memory while nothing happens.
 */
export const loop: Bench = async (progress) => {
  await runCommand([process.execPath, 'cli/strip.ts'], { cwd: new URL('../..', import.meta.url).pathname });
  const at5s = await measureLoop(5, progress);
  const at1s = await measureLoop(1, progress);
  return [
    atMost('permissions fixed, median, at 5 s', 's', 10, quantile(at5s.fixed, 0.5), RUNS),
    atMost('permissions fixed, slowest, at 5 s', 's', 20, Math.max(...at5s.fixed), RUNS),
    atMost('permissions fixed, median, at 1 s', 's', 3, quantile(at1s.fixed, 0.5), RUNS),
    atMost('permissions fixed, slowest, at 1 s', 's', 20, Math.max(...at1s.fixed), RUNS),
    atMost(
      'set-up of the lab, everything installed',
      's',
      20,
      quantile([...at5s.setUp, ...at1s.setUp], 0.5),
      2 * RUNS,
    ),
    atMost(
      'webhook to command start, median',
      'ms',
      100,
      quantile([...at5s.start, ...at1s.start], 0.5),
      2 * RUNS,
    ),
    ...at5s.figures,
  ];
};

interface LoopMeasurement {
  readonly setUp: number[];
  /** Seconds from the fault to the end of the fix. */
  readonly fixed: number[];
  /** Milliseconds from the webhook's commit to the start of the command, with everything warm. */
  readonly start: number[];
  readonly figures: Figure[];
}

/** Each run has a lab of its own, as `--once` has: Alertmanager holds a group that it knows back for its group_interval. */
async function measureLoop(
  intervalSeconds: number,
  progress: (line: string) => void,
): Promise<LoopMeasurement> {
  const measured: LoopMeasurement = { setUp: [], fixed: [], start: [], figures: [] };
  for (let run = 1; run <= RUNS; run += 1) {
    const began = performance.now();
    const lab = await startLab({ intervalSeconds, log: () => undefined, programs: 'dist' });
    try {
      measured.setUp.push((performance.now() - began) / 1000);
      if (run === 1) measured.figures.push(...(await scrapeFigures(lab)), ...(await memoryFigures(lab)));
      // The set-up ends with a scrape; a fault comes at any time.
      await delay(Math.random() * intervalSeconds * 1000);
      const { seconds, isHealed } = await breakAndFollow(lab, permissions, () => undefined);
      if (!isHealed || seconds.fixed === undefined) throw new Error('the fault was not healed');
      measured.fixed.push(seconds.fixed);
      // The second fault finds everything warm; its alert is another one, which Alertmanager does not hold back.
      await breakAndFollow(lab, phpFpm, () => undefined);
      measured.start.push(await milliSecondsToStart(lab));
      progress(`at ${intervalSeconds} s, run ${run}: ${describe(seconds)}`);
    } finally {
      await lab.stop();
    }
  }
  return measured;
}

function describe(seconds: Readonly<Partial<Record<Phase, number>>>): string {
  return Object.entries(seconds)
    .map(([phase, value]) => `${phase} ${value}`)
    .join(', ');
}

interface Run {
  readonly events: readonly { readonly at: string; readonly kind: string }[];
}

async function latestRuns({ ports, secrets }: Lab): Promise<readonly Run[]> {
  const authorization = `Basic ${Buffer.from(`steward:${secrets.remediator_password}`).toString('base64')}`;
  const response = await fetch(`http://127.0.0.1:${ports.remediator}/api/runs?limit=50`, {
    headers: { authorization },
  });
  return ((await response.json()) as { runs: Run[] }).runs;
}

async function milliSecondsToStart(lab: Lab): Promise<number> {
  const run = (await latestRuns(lab)).find((candidate) => timeOf(candidate, 'acting') !== undefined);
  const [received, acting] = [run && timeOf(run, 'received'), run && timeOf(run, 'acting')];
  if (received === undefined || acting === undefined) throw new Error('no run has acted');
  return acting - received;
}

function timeOf({ events }: Run, kind: string): number | undefined {
  const event = events.find((candidate) => candidate.kind === kind);
  return event === undefined ? undefined : Date.parse(event.at);
}

async function scrapeFigures({ ports }: Lab): Promise<Figure[]> {
  const times: number[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    const start = performance.now();
    const response = await fetch(`http://127.0.0.1:${ports.exporter}/metrics`);
    await response.text();
    times.push(performance.now() - start);
  }
  return [atMost('/metrics, p99', 'ms', 50, quantile(times, 0.99), SCRAPES)];
}

async function memoryFigures({ processes }: Lab): Promise<Figure[]> {
  return [
    atMost('memory of the exporter', 'MB', 110, await residentMegabytes(processes.exporter.pid), 1),
    atMost('memory of the remediator', 'MB', 110, await residentMegabytes(processes.remediator.pid), 1),
  ];
}
