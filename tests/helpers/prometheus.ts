import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import {
  createPrometheusClient,
  type PrometheusClient,
} from '../../remediator/prometheus/prometheus-client.ts';

/** A real Prometheus that scrapes five times in a second. */
export interface TestPrometheus {
  readonly url: string;
  readonly client: PrometheusClient;
  readonly process: RunningProcess;
  /** Waits until a query returns something. */
  untilTrue(query: string): Promise<void>;
  /** Waits until a query returns nothing. */
  untilEmpty(query: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Debian's Prometheus on one page of metrics, with rules and more of its configuration as YAML. */
export async function startTestPrometheus(
  folder: string,
  pagePort: number,
  rules: string,
  moreConfiguration = '',
): Promise<TestPrometheus> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'rules.yml'), rules);
  return startPrometheusOn(
    folder,
    `global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms, external_labels: { site: home } }
rule_files: [rules.yml]
scrape_configs:
  - { job_name: page, honor_labels: true, static_configs: [{ targets: ['127.0.0.1:${pagePort}'] }] }
${moreConfiguration}`,
  );
}

/** Starts Prometheus, Debian's where no other is named, on a configuration of its own in a folder that is there. */
export async function startPrometheusOn(
  folder: string,
  configuration: string,
  program = '/usr/bin/prometheus',
): Promise<TestPrometheus> {
  await writeFile(join(folder, 'prometheus.yml'), configuration);
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const process = await startProcess({
    name: 'Prometheus',
    argv: [
      program,
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    logFile: join(folder, 'log'),
    debianPackage: 'prometheus',
  });
  await process.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
  const client = createPrometheusClient(() => Promise.resolve({ url, authorization: '' }));
  return {
    url,
    client,
    process,
    async untilTrue(query) {
      await waitUntil(async () => (await client.query(query)).length > 0, { what: query });
    },
    async untilEmpty(query) {
      await waitUntil(async () => (await client.query(query)).length === 0, { what: `no ${query}` });
    },
    stop: () => process.stop(),
  };
}
