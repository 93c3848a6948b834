import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { templatesFolder, type AlertmanagerGeneration } from './programs.ts';

/** An alert as Alertmanager's API shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[]; readonly mutedBy?: readonly string[] };
}

/** An alert as Prometheus reports it. Times are as in ISO 8601; it fires unless `endsAt` is over. */
export interface ReportedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** What the copy of the shipped configuration gets. */
export interface Changes {
  /** What is edited in its text. */
  readonly edit: (configuration: string) => string;
  /** Files below its folder of secrets, with their content. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A real Alertmanager with the shipped configuration. */
export interface RunningAlertmanager {
  /** Without a slash at the end. */
  readonly url: string;
  /** Reports alerts as Prometheus does, by their labels. */
  fire(...alerts: readonly Readonly<Record<string, string>>[]): Promise<void>;
  /** Reports alerts with all that they carry. */
  report(...alerts: readonly ReportedAlert[]): Promise<void>;
  /** Every alert that it knows. */
  alerts(): Promise<ShownAlert[]>;
  /** The sum of a metric of its own over the series that carry this text, such as `reason="x"`. */
  metric(name: string, label: string): Promise<number>;
  /** The end of its log. */
  logTail(): string;
  /** Ends it, and removes what it wrote. */
  stop(): Promise<void>;
}

/** Starts Alertmanager with the configuration shipped for it, its templates, and changes. Its time zone is UTC. */
export async function startAlertmanager(
  { server, configuration }: AlertmanagerGeneration,
  { edit, secrets }: Changes,
): Promise<RunningAlertmanager> {
  const folder = await createTempFolder('steward-alertmanager');
  const file = path.join(folder.path, 'alertmanager.yml');
  const shipped = await readFile(configuration, 'utf8');
  await writeFile(file, edit(shipped).replaceAll('/run/secrets', path.join(folder.path, 'secrets')));
  await cp(templatesFolder, path.join(folder.path, 'templates'), { recursive: true });
  await mkdir(path.join(folder.path, 'secrets/notify'), { recursive: true });
  for (const [name, content] of Object.entries(secrets))
    await writeFile(path.join(folder.path, 'secrets', name), content);
  const address = `127.0.0.1:${await freePort()}`;
  const child = await startProcess({
    name: 'Alertmanager',
    argv: [
      server,
      `--config.file=${file}`,
      `--storage.path=${path.join(folder.path, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    env: { TZ: 'UTC' },
    logFile: path.join(folder.path, 'log'),
    debianPackage: 'prometheus-alertmanager',
  });
  const stop = async () => {
    await child.stop();
    await folder.remove();
  };
  try {
    await child.untilReady(async () => (await fetch(`http://${address}/-/ready`)).ok);
  } catch (error) {
    await stop();
    throw error;
  }
  const api = `http://${address}/api/v2/alerts`;
  return {
    url: `http://${address}`,
    fire: (...alerts) =>
      report(
        api,
        alerts.map((labels) => ({ labels })),
      ),
    report: (...alerts) => report(api, alerts),
    alerts: () => alerts(api),
    metric: (name, label) => metric(`http://${address}/metrics`, name, label),
    logTail: () => child.logTail(),
    stop,
  };
}

async function report(api: string, reported: readonly ReportedAlert[]): Promise<void> {
  const response = await fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reported),
  });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
}

async function alerts(api: string): Promise<ShownAlert[]> {
  const response = await fetch(api);
  return (await response.json()) as ShownAlert[];
}

async function metric(url: string, name: string, label: string): Promise<number> {
  const page = await (await fetch(url)).text();
  return page
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
