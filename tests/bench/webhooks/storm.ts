import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { startMetricsPage } from '../../helpers/metrics-page.ts';
import { startTestPrometheus } from '../../helpers/prometheus.ts';
import { startRecordingHost, type RecordingHost } from '../../remediator/process/recording-host.ts';
import type { RunningRemediator } from '../../remediator/process/running-remediator.ts';
import { atMost, type Figure } from '../figure.ts';
import { residentMegabytes } from '../memory.ts';
import { numberedAlert, type LoadResult } from './load.ts';
import { startOurs } from './receivers.ts';
import { answeredPerSecond, sendLoad } from './send-load.ts';

const ALERTS = 1000;
const SENDERS = 2;
const DELIVERIES = 200;
const CONNECTIONS = 32;
const SECONDS = 600;
/** With three hosts it would be a mass failure, and nothing would be started. */
const HOSTS = ['web-0', 'web-1'];

const RULES = `
groups:
  - name: storm
    rules:
      - { alert: BenchAlert, expr: 'bench_violations > 0', labels: { severity: warning } }
`;

/**
 * A storm: 1,000 alerts that are all true, each delivered 200 times by two senders at once, while the remediator fixes what it can of them on two
 * hosts. Prometheus and sshd are real.
 */
export async function measureStorm(folder: string, progress: (line: string) => void): Promise<Figure[]> {
  await using started = new AsyncDisposableStack();
  const page = await startMetricsPage();
  started.defer(() => page.stop());
  for (let number = 0; number < ALERTS; number += 1) {
    const { instance, host, job } = numberedAlert(number).labels;
    page.set(`bench_violations{instance="${instance}",host="${host}",job="${job}"}`, 1);
  }
  const prometheus = await startTestPrometheus(join(folder, 'prometheus'), page.port, RULES);
  started.defer(() => prometheus.stop());
  await mkdir(join(folder, 'storm'));
  const host = await startRecordingHost(join(folder, 'host'));
  started.defer(() => host.stop());
  await prometheus.untilTrue(`count(bench_violations) == ${ALERTS}`);
  const ours = await startOurs(join(folder, 'storm'), inventory(prometheus.url, host));
  started.defer(() => ours.process.stop());

  const memory = watchMemory(ours.process.pid);
  started.defer(() => void memory.end());
  const load = {
    ...{ ...ours.address, connections: CONNECTIONS, first: 0, distinct: ALERTS, seconds: SECONDS },
    ...{ requests: (ALERTS * DELIVERIES) / SENDERS, perSecond: 0 },
  };
  const results = await Promise.all(Array.from({ length: SENDERS }, () => sendLoad(load, ours.status)));
  progress(`storm: ${results.map(describe).join('; ')}`);
  await endAll(ours.remediator);
  const most = memory.end();
  const calls = await host.calls();
  await ours.process.stop();
  return figures(
    await runsIn(join(folder, 'storm/data/remediator/journal.sqlite')),
    calls,
    most,
    results,
    progress,
  );
}

function inventory(prometheusUrl: string, host: RecordingHost): object {
  const sites = Array.from({ length: ALERTS }, (_item, number): [string, object] => {
    const { instance, host: id } = numberedAlert(number).labels;
    const url = `https://${instance}.example`;
    return [instance, { host: id, url, path: `/var/www/${instance}`, owner: 'www-data' }];
  });
  const policy = {
    ...{
      name: 'storm',
      match: ['alertname="BenchAlert"'],
      action: 'wordpress.fix-permissions',
      mode: 'auto',
    },
    verify: { query: 'sum(bench_violations{instance="$target"}) > 0', samples: 1, within: '10s' },
    cooldown: '1h',
  };
  return {
    hosts: Object.fromEntries(HOSTS.map((id) => [id, host.entry])),
    sites: Object.fromEntries(sites),
    policies: [policy],
    prometheus: { url: prometheusUrl },
    exporter: { url: 'http://127.0.0.1:1' },
  };
}

/** Looks at the memory of a process ten times in a second; its end tells the most. */
function watchMemory(pid: number): { end(): number } {
  let most = 0;
  const look = async (): Promise<void> => {
    // A process that has ended has none, and what ended it is told elsewhere.
    const megabytes = await residentMegabytes(pid).catch(() => 0);
    most = Math.max(most, megabytes);
  };
  const timer = setInterval(() => void look(), 100);
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
