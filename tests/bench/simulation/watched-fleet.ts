import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { freePort } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { IMAGE_FLAGS, IMAGE_MALLOC } from '../../../lab/stack/servers.ts';
import { createPrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';

/** The exporter as its image starts it, and a real Prometheus that scrapes all that it names. */
export interface WatchedFleet {
  readonly exporter: RunningProcess;
  readonly url: string;
  /** The value of a query that gives one. */
  readonly value: (query: string) => Promise<number>;
  stop(): Promise<void>;
}

const root = new URL('../../..', import.meta.url).pathname;

/** Starts both. Resolves when Prometheus has scraped every target once, and the background has been read. */
export async function watchFleet(
  folder: string,
  inventory: { readonly exporter: object },
  intervalSeconds: number,
): Promise<WatchedFleet> {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  await mkdir(join(folder, 'secrets'), { recursive: true });
  for (const secret of ['exporter_password', 'ping_token']) {
    await writeFile(join(folder, 'secrets', secret), 'not a secret');
  }
  await rm(join(folder, 'data'), { recursive: true, force: true });
  await writeFile(
    join(folder, 'steward.yml'),
    dump({ ...inventory, exporter: { ...inventory.exporter, listen: address, url } }),
  );
  const exporter = await startProcess({
    name: 'exporter',
    argv: [
      'env',
      IMAGE_MALLOC,
      process.execPath,
      ...IMAGE_FLAGS.exporter,
      join(root, 'dist/exporter/main.js'),
      ...['--config', join(folder, 'steward.yml')],
    ],
    logFile: join(folder, 'exporter.log'),
  });
  await exporter.untilReady(async () => (await fetch(`${url}/-/healthy`)).ok);
  const prometheus = await startPrometheus(folder, address, intervalSeconds);
  const client = createPrometheusClient(() => Promise.resolve({ url: prometheus.url, authorization: '' }));
  const value = async (query: string) => (await client.query(query))[0]?.value ?? 0;
  const targets = ((await (await fetch(`${url}/targets`)).json()) as unknown[]).length;
  await exporter.untilReady(async () => (await fetch(`${url}/-/ready`)).ok, 120_000);
  await waitUntil(async () => (await value('count(up == 1)')) === targets, {
    what: `Prometheus to have scraped ${targets} targets`,
    timeoutMs: 180_000,
    intervalMs: 1000,
  });
  return {
    exporter,
    url,
    value,
    async stop() {
      await prometheus.process.stop();
      await exporter.stop();
    },
  };
}

async function startPrometheus(folder: string, exporter: string, intervalSeconds: number) {
  const address = `127.0.0.1:${await freePort()}`;
  await rm(join(folder, 'prometheus'), { recursive: true, force: true });
  await writeFile(
    join(folder, 'prometheus.yml'),
    dump({
      global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: '10s' },
      scrape_configs: [
        {
          job_name: 'steward',
          http_sd_configs: [{ url: `http://${exporter}/targets`, refresh_interval: '15s' }],
        },
      ],
    }),
  );
  const process = await startProcess({
    name: 'Prometheus',
    argv: [
      '/usr/bin/prometheus',
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=${address}`,
    ],
    logFile: join(folder, 'prometheus.log'),
    debianPackage: 'prometheus',
  });
  const url = `http://${address}`;
  await process.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
  return { url, process };
}
