import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess, type RunningProcess } from '../parts/process.ts';
import { waitUntil } from '../parts/wait-until.ts';
import type { LabPorts, LabSecrets } from './lab-files.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** How the images start Node. */
export const IMAGE_FLAGS = {
  exporter: ['--max-semi-space-size=2', '--heap-growing-percent=20'],
  remediator: ['--max-semi-space-size=2', '--heap-growing-percent=20', '--no-maglev'],
} as const;

/** What the images set for the C library below Node. */
export const IMAGE_MALLOC = 'MALLOC_ARENA_MAX=1';

/** Starts Prometheus on a configuration that was written. */
export async function startPrometheus(
  folder: string,
  ports: LabPorts,
  secrets: LabSecrets,
): Promise<RunningProcess> {
  return startReady({
    name: 'prometheus',
    debianPackage: 'prometheus',
    folder,
    argv: [
      '/usr/bin/prometheus',
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--web.config.file=${join(folder, 'secrets', 'prometheus_web.yml')}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    ],
    url: `http://127.0.0.1:${ports.prometheus}/-/ready`,
    password: secrets.prometheus_password,
  });
}

/** Starts Alertmanager on a configuration that was written. */
export async function startAlertmanager(
  folder: string,
  ports: LabPorts,
  secrets: LabSecrets,
): Promise<RunningProcess> {
  return startReady({
    name: 'alertmanager',
    debianPackage: 'prometheus-alertmanager',
    folder,
    argv: [
      '/usr/bin/prometheus-alertmanager',
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--web.config.file=${join(folder, 'secrets', 'alertmanager_web.yml')}`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      '--cluster.listen-address=',
    ],
    url: `http://127.0.0.1:${ports.alertmanager}/-/ready`,
    password: secrets.alertmanager_password,
  });
}

/** Starts the exporter or the remediator on a steward.yml. `entry` is its main file; that of the checkout where it is not given. */
export async function startSteward(
  name: 'exporter' | 'remediator',
  folder: string,
  ports: LabPorts,
  entry = join(REPOSITORY, name, 'main.ts'),
): Promise<RunningProcess> {
  return startReady({
    name,
    folder,
    argv: [
      'env',
      IMAGE_MALLOC,
      process.execPath,
      ...IMAGE_FLAGS[name],
      entry,
      '--config',
      join(folder, 'steward.yml'),
    ],
    url: `http://127.0.0.1:${ports[name]}/-/ready`,
  });
}

interface ServerDescription {
  readonly name: string;
  readonly debianPackage?: string;
  readonly folder: string;
  readonly argv: readonly [string, ...string[]];
  readonly url: string;
  readonly password?: string;
}

async function startReady({ name, folder, argv, url, password, debianPackage }: ServerDescription) {
  const process = await startProcess({
    name,
    argv,
    logFile: join(folder, `${name}.log`),
    ...(debianPackage === undefined ? {} : { debianPackage }),
  });
  try {
    await process.untilReady(() => answers(url, password));
  } catch (error) {
    await process.stop();
    throw error;
  }
  return process;
}

async function answers(url: string, password: string | undefined): Promise<boolean> {
  const headers: Record<string, string> = password === undefined ? {} : { authorization: basic(password) };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) });
  return response.ok;
}

/** The Authorization header of the lab's user. */
export function basic(password: string): string {
  return `Basic ${Buffer.from(`steward:${password}`).toString('base64')}`;
}

/** Waits until Prometheus has scraped every target once, so that the first fault is not waited for longer than later ones. */
export async function untilScraped(ports: LabPorts, secrets: LabSecrets): Promise<void> {
  await waitUntil(
    async () => {
      const query =
        'count(up{job=~"host|site|exporter"} == 1) >= 3 and on() steward_data_timestamp_seconds > 0';
      const response = await fetch(
        `http://127.0.0.1:${ports.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`,
        { headers: { authorization: basic(secrets.prometheus_password) } },
      );
      const { data } = (await response.json()) as { data: { result: unknown[] } };
      return data.result.length > 0;
    },
    { what: 'Prometheus to have scraped every target', timeoutMs: 60_000, intervalMs: 100 },
  );
}
