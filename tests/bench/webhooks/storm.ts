import { join } from 'node:path';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import type { RunningRemediator } from '../../remediator/process/running-remediator.ts';
import { atLeast, atMost, type Figure } from '../figure.ts';
import { residentMegabytes } from '../memory.ts';
import { startBrokenSites } from './broken-sites.ts';
import { numberedAlert, type LoadResult } from './load.ts';
import { answeredPerSecond, sendLoad } from './send-load.ts';

const ALERTS = 1000;
const SENDERS = 2;
const DELIVERIES = 200;
const CONNECTIONS = 32;
const SECONDS = 600;
/**
 * A storm: 1,000 alerts that are all true, each delivered 200 times by two senders at once, while the remediator fixes what it can of them on two
 * hosts. Prometheus and sshd are real.
 */
export async function measureStorm(folder: string, progress: (line: string) => void): Promise<Figure[]> {
  await using sites = await startBrokenSites(join(folder, 'storm'), ALERTS);
  const { receiver, host } = sites;
  const memory = watchMemory(receiver.process.pid);
  const load = {
    ...{ ...receiver.address, connections: CONNECTIONS, first: 0, distinct: ALERTS, seconds: SECONDS },
    ...{ requests: (ALERTS * DELIVERIES) / SENDERS, perSecond: 0 },
  };
  const results = await Promise.all(Array.from({ length: SENDERS }, () => sendLoad(load, receiver.status)));
  progress(`storm: ${results.map(describe).join('; ')}`);
  await endAll(receiver.remediator);
  const most = memory.end();
  const calls = await host.calls();
  await receiver.process.stop();
  return figures(await runsIn(sites.journal), calls, most, results, progress);
}

/** Looks at the memory of a process ten times in a second; its end tells the most. */
function watchMemory(pid: number): { end(): number } {
  let most = 0;
  const look = async (): Promise<void> => {
    // A process that has ended has none, and what ended it is told elsewhere.
    const megabytes = await residentMegabytes(pid).catch(() => 0);
    most = Math.max(most, megabytes);
  };
  const timer = setInterval(() => void look(), 100).unref();
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}

/** All alerts end, so that what waits for its host ends, too. */
async function endAll(remediator: RunningRemediator): Promise<void> {
  const ended = Array.from({ length: ALERTS }, (_item, number) => ({
    ...numberedAlert(number),
    status: 'resolved' as const,
  }));
  await remediator.deliver(...ended);
  await waitUntil(async () => (await remediator.runs(ALERTS)).every(({ state }) => state === 'closed'), {
    ...{ what: 'all runs to be closed', timeoutMs: 120_000, intervalMs: 500 },
  });
}

async function runsIn(file: string): Promise<readonly Run[]> {
  const journal = await openSqliteJournal(file, (error) => {
    throw error;
  });
  const runs = await journal.runs(10 * ALERTS);
  await journal.close();
  return runs;
}

function figures(
  runs: readonly Run[],
  calls: readonly string[],
  megabytes: number,
  results: readonly LoadResult[],
  progress: (line: string) => void,
): Figure[] {
  const known = new Set(runs.map(({ alert }) => alert.fingerprint));
  const sites = new Set(calls.map((line) => line.split(' ')[1]));
  progress(`storm: ${calls.length} commands started, ${runs.length} runs`);
  const count = ALERTS * DELIVERIES;
  return [
    atMost('storm: alerts lost', 'count', 0, ALERTS - known.size, count),
    atLeast('storm: commands started', 'count', 1, calls.length, count),
    atMost('storm: commands started twice', 'count', 0, calls.length - sites.size, count),
    atMost('storm: slowest answer', 'ms', 1000, Math.max(...results.map(({ slowest }) => slowest)), count),
    atMost('storm: most memory', 'MB', 200, megabytes, 1),
  ];
}

function describe(result: LoadResult): string {
  const { median, p99, slowest } = result;
  const [a, b, c] = [median, p99, slowest].map((milliseconds) => milliseconds.toFixed(1));
  return `${answeredPerSecond(result).toFixed(0)} a second, median ${a} ms, p99 ${b} ms, slowest ${c} ms`;
}
