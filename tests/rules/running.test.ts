import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
const servers = [
  { generation: '2.42', server: '/usr/bin/prometheus' },
  { generation: '3.5', server: path.join(cache, 'steward/sid/prometheus/usr/bin/prometheus') },
];
let exporter: Server;
let address: string;

beforeEach(async () => {
  exporter = createServer((request, response) => {
    if (request.url === '/targets') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([target()]));
    } else {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('# TYPE probe_success gauge\nprobe_success 0\n');
    }
  }).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  address = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
});

afterEach(() => {
  exporter.closeAllConnections();
  exporter.close();
});

function target() {
  return {
    targets: [address],
    labels: {
      job: 'site',
      instance: 'blog',
      host: 'web1',
      __metrics_path__: '/probe',
      __param_module: 'site',
      __param_target: 'blog',
    },
  };
}

test.each(servers)(
  'Prometheus $generation takes its targets from the exporter, and an alert leads to exactly one entry',
  async ({ server }) => {
    await using folder = await createTempFolder('steward-prometheus');
    await writeShippedConfiguration(folder.path);
    const listen = `127.0.0.1:${await freePort()}`;
    const prometheus = await startProcess({
      name: 'Prometheus',
      argv: [
        server,
        `--config.file=${path.join(folder.path, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder.path, 'data')}`,
        `--web.listen-address=${listen}`,
      ],
      logFile: path.join(folder.path, 'log'),
      debianPackage: 'prometheus',
    });
    try {
      await prometheus.untilReady(async () => (await fetch(`http://${listen}/-/ready`)).ok);
      const alert = await waitUntil(() => firing(listen, 'SiteDown'), {
        what: 'SiteDown to fire',
        explain: () => prometheus.logTail(),
      });
      expect(alert.labels).toEqual({
        alertname: 'SiteDown',
        severity: 'page',
        job: 'site',
        instance: 'blog',
        host: 'web1',
      });
    } finally {
      await prometheus.stop();
    }
  },
);

async function writeShippedConfiguration(folder: string): Promise<void> {
  await cp(path.join(import.meta.dirname, '../../prometheus'), folder, { recursive: true });
  const secrets = path.join(folder, 'secrets');
  await mkdir(secrets);
  for (const name of ['alertmanager_password', 'prometheus_password']) {
    await writeFile(path.join(secrets, name), 'secret');
  }
  const file = path.join(folder, 'prometheus.yml');
  const shipped = await readFile(file, 'utf8');
  await writeFile(
    file,
    shipped
      .replaceAll('/run/secrets', secrets)
      .replaceAll('exporter:9840', address)
      .replaceAll(/(scrape_interval|scrape_timeout|evaluation_interval): \d+s/g, '$1: 1s'),
  );
}

async function firing(listen: string, name: string) {
  const response = await fetch(`http://${listen}/api/v1/alerts`);
  const { data } = (await response.json()) as {
    data: { alerts: { state: string; labels: Record<string, string> }[] };
  };
  return data.alerts.find(({ state, labels }) => state === 'firing' && labels['alertname'] === name);
}
