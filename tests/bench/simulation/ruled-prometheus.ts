import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../lab/parts/free-port.ts';
import type { RunningProcess } from '../../../lab/parts/process.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { writePrometheusConfiguration, writeSecrets, type LabPorts } from '../../../lab/stack/lab-files.ts';
import { basic, startPrometheus } from '../../../lab/stack/servers.ts';
import { parseMetrics } from '../../helpers/parse-metrics.ts';
import type { PlayedFleet } from './played-fleet.ts';

/** A real Prometheus on the shipped configuration and rules. */
export interface RuledPrometheus {
  readonly dataFolder: string;
  /** Starts it, and resolves when every target was scraped often enough for rates, and every group of rules evaluated. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Asks its HTTP API, such as `query?query=up`. */
  api<Data>(path: string): Promise<Data>;
  /** What it says of itself. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}

/** As shipped. */
const SCRAPE_SECONDS = 15;

/** Writes its configuration. Rules are evaluated much more often than shipped, so that there is much to measure. */
export async function ruledPrometheus(
  folder: string,
  fleet: PlayedFleet,
  evaluationSeconds: number,
): Promise<RuledPrometheus> {
  const ports: LabPorts = { ...fleet.ports, prometheus: await freePort() };
  const secrets = await writeSecrets(folder);
  const file = await writePrometheusConfiguration(folder, ports, SCRAPE_SECONDS);
  await replaceIn(file, /evaluation_interval: \S+/, `evaluation_interval: ${evaluationSeconds}s`);
  for (const name of await readdir(join(folder, 'rules'))) {
    await replaceIn(join(folder, 'rules', name), /^ {4}interval: \S+$/gm, '');
  }
  const dataFolder = join(folder, 'prometheus');
  await rm(dataFolder, { recursive: true, force: true });
  const url = `http://127.0.0.1:${ports.prometheus}`;
  const headers = { authorization: basic(secrets.prometheus_password) };
  let running: RunningProcess | undefined;

  async function api<Data>(path: string): Promise<Data> {
    const answer = (await (await fetch(`${url}/api/v1/${path}`, { headers })).json()) as {
      data: Data;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
  const metrics = async () => parseMetrics(await (await fetch(`${url}/metrics`, { headers })).text());

  return {
    dataFolder,
    api,
    metrics,
    async start() {
      running = await startPrometheus(folder, ports, secrets);
      await putFirst(running.pid);
      await waitUntil(async () => (await countUp(api)) >= fleet.targets && isEvaluated(await metrics()), {
        what: `Prometheus to have scraped ${fleet.targets} targets and evaluated all rules`,
        timeoutMs: 120_000,
        intervalMs: 500,
      });
    },
    async stop() {
      await running?.stop();
    },
  };
}

async function countUp(api: RuledPrometheus['api']): Promise<number> {
  const query = encodeURIComponent('count(count_over_time(up{job=~"exporter|host|site|bot|job"}[10m]) >= 3)');
  const { result } = await api<{ result: { value: [number, string] }[] }>(`query?query=${query}`);
  return Number(result[0]?.value[1] ?? 0);
}

function isEvaluated(metrics: ReadonlyMap<string, number>): boolean {
  const times = [...metrics].filter(([name]) =>
    name.startsWith('prometheus_rule_group_last_evaluation_timestamp_seconds'),
  );
  return times.length > 0 && times.every(([, time]) => time > 0);
}

/** Lets a process and all its threads go before whatever else runs on this machine, so that the times are its own. */
async function putFirst(pid: number): Promise<void> {
  await runCommand(['chrt', '--all-tasks', '--rr', '--pid', '1', String(pid)]);
}

async function replaceIn(file: string, pattern: RegExp, text: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(pattern, text));
}
