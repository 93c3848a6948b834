import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CollectorError } from '../../../exporter/collector-error.ts';
import { probeHttp } from '../../../exporter/clients/http-probe.ts';
import { NoDataError, type Collector } from '../../../exporter/collector.ts';
import { opcache } from '../../../exporter/collectors/opcache.ts';
import { phpFpm } from '../../../exporter/collectors/php-fpm.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { freePorts } from '../../../lab/parts/free-port.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { prepareNginx } from '../../../lab/site/nginx.ts';
import { preparePhpFpm, PHP_FPM_STATUS_PATH } from '../../../lab/site/php-fpm.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { isVisit } from '../../../logs/access-log.ts';
import { collectAll } from '../../helpers/collect.ts';
import { readWholeLog } from '../../helpers/read-whole-log.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let supervisor: Supervisor;
let hardened: HardenedHost;
let host: Host;
let doubles: readonly Server[];
let pools: Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What answers without being a web server that serves the status. */
const answers = {
  hung: () => undefined,
  page: (connection: Socket) => connection.end('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<html>'),
  moved: (connection: Socket) => connection.end('HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n'),
  garbage: (connection: Socket) => connection.end(Buffer.from([1, 6, 0, 1, 255, 254])),
  cut: (connection: Socket) => connection.end('HTTP/1.1 200 OK\r\nServer: x'),
  closed: (connection: Socket) => connection.destroy(),
  long: (connection: Socket) => connection.end(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(400_000)}`),
} as const;

beforeAll(async () => {
  folder = await createTempFolder('steward-php-fpm-network');
  const [fpmPort = 0, webPort = 0, freePort = 0] = await freePorts(3);
  const { program, socket } = await preparePhpFpm(folder.path);
  await addPool(socket, fpmPort);
  const statusPath = PHP_FPM_STATUS_PATH;
  const nginx = await prepareNginx({
    folder: folder.path,
    port: webPort,
    root: folder.path,
    phpSocket: socket,
    statusPath,
  });
  supervisor = await startSupervisor(folder.path, [program, nginx]);
  const listening = await Promise.all(Object.entries(answers).map(listen));
  doubles = listening.map(({ server }) => server);
  pools = {
    tcp: { address: `127.0.0.1:${fpmPort}`, status_path: statusPath },
    'tcp-unset': { address: `localhost:${fpmPort}`, status_path: '/not-the-status' },
    'tcp-free': { address: `127.0.0.1:${freePort}`, status_path: statusPath },
    'tcp-web': { address: `127.0.0.1:${webPort}`, status_path: statusPath },
    web: { status_url: `http://127.0.0.1:${webPort}${statusPath}` },
    'web-json': { status_url: `http://localhost:${webPort}${statusPath}?json` },
    'web-unset': { status_url: `http://127.0.0.1:${webPort}/not-the-status` },
    'web-free': { status_url: `http://127.0.0.1:${freePort}${statusPath}` },
    'web-ipv6': { status_url: `http://[::1]:${freePort}${statusPath}` },
    ...Object.fromEntries(
      listening.map(({ name, port }) => [`web-${name}`, { status_url: `http://127.0.0.1:${port}/status` }]),
    ),
  };
  const sites = Object.entries(pools).map(([id, pool], index) => [id, siteOf(pool, `/srv/x${index}`)]);
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: JSON.stringify(Object.fromEntries(sites)),
  });
  host = hardened.open('read');
  await Promise.all(['tcp', 'web'].map(isUp));
}, 60_000);

afterAll(async () => {
  doubles.forEach((server) => server.close());
  await host.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
}, 60_000);

/** A second pool, which listens on a port. */
async function addPool(socket: string, port: number): Promise<void> {
  const configuration = join(folder.path, 'php-fpm.conf');
  const text = await readFile(configuration, 'utf8');
  const [, pool = ''] = text.split('[www]\n');
  const opcacheOn = 'php_admin_value[opcache.enable] = 1\n';
  await writeFile(
    configuration,
    `${text}[tcp]\n${pool.replace(`listen = ${socket}`, `listen = 127.0.0.1:${port}`)}${opcacheOn}`,
  );
}

async function listen([name, answer]: readonly [string, (connection: Socket) => void]) {
  const server = createServer((connection) => {
    connection.on('error', () => connection.destroy());
    connection.once('data', () => answer(connection));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { name, server, port: (server.address() as AddressInfo).port };
}

function siteOf(pool: object | undefined, path: string) {
  return { host: 'web1', url: 'http://x/', path, owner: 'www-data', php_fpm: pool };
}

async function valuesOf(collector: Collector<SiteTarget>, id: string): Promise<Record<string, number>> {
  const entry = siteSchema.parse(siteOf(pools[id], '/srv/x'));
  const samples = await collectAll(collector, { id, entry, host });
  return Object.fromEntries(samples.map(({ metric, value }) => [metric.name, value]));
}

async function isUp(id: string): Promise<void> {
  let problem = '';
  const ask = async () => {
    try {
      return (await valuesOf(phpFpm, id))['phpfpm_up'] === 1;
    } catch (error) {
      problem = String(error);
      return false;
    }
  };
  await waitUntil(ask, { what: `${id} to answer`, explain: () => problem });
}

async function requestsOfLog() {
  const { items } = readWholeLog('nginx-access', await readFile(join(folder.path, 'nginx-access.log')));
  return items.filter((item) => item.kind === 'request');
}

/** Why a pool is down. */
async function downOf(id: string): Promise<string> {
  const error: unknown = await valuesOf(phpFpm, id).then(
    () => new Error(`${id} is up`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof CollectorError)) throw error;
  expect(error.samples.map(({ metric, value }) => [metric.name, value])).toEqual([['phpfpm_up', 0]]);
  return error.message;
}

describe('a pool that listens on a port', () => {
  test('tells its figures, and those of OPcache', async () => {
    expect(await valuesOf(phpFpm, 'tcp')).toMatchObject({
      phpfpm_up: 1,
      phpfpm_processes: 3,
      phpfpm_active_processes: 1,
    });
    const values = await valuesOf(opcache, 'tcp');
    expect(values).toMatchObject({ opcache_enabled: 1 });
    expect(values['opcache_memory_used_bytes']).toBeGreaterThan(0);
  });

  test('without pm.status_path says what to set', async () => {
    await expect(valuesOf(phpFpm, 'tcp-unset')).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('pm.status_path'),
    });
  });

  test('is down where nothing or something else listens', async () => {
    expect(await downOf('tcp-free')).toContain('Connection refused');
    expect(await downOf('tcp-web')).toContain('PHP-FPM is down: ');
    await expect(valuesOf(opcache, 'tcp-free')).rejects.toMatchObject({ reason: 'unreachable' });
  });
});

describe('a pool whose status the web server gives', () => {
  test('is not visited by Steward, whatever it asks, as the access log has it', async () => {
    await writeFile(join(folder.path, 'page.php'), '<?php echo "hello";');
    const url = new URL('/page.php', String(pools['web']?.['status_url']));
    await valuesOf(phpFpm, 'web');
    expect(await probeHttp(url, {}, AbortSignal.timeout(10_000))).toMatchObject({ fault: undefined });
    const own = await requestsOfLog();
    expect(own.length).toBeGreaterThan(1);
    expect(own.filter(isVisit)).toEqual([]);
    await (await fetch(url)).text();
    expect((await requestsOfLog()).filter(isVisit)).toHaveLength(1);
  });

  test.each(['web', 'web-json'])('tells its figures: %s', async (id) => {
    expect(await valuesOf(phpFpm, id)).toMatchObject({ phpfpm_up: 1, phpfpm_processes: 3 });
  });

  test('is not asked for OPcache, and the host would not do it', async () => {
    await expect(valuesOf(opcache, 'web')).rejects.toBeInstanceOf(NoDataError);
    const asSocket = siteSchema.parse(siteOf(pools['tcp'], '/srv/x'));
    await expect(collectAll(opcache, { id: 'web', entry: asSocket, host })).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('OPcache is asked over FastCGI'),
    });
  });

  test.each([
    ['web-unset', 'refused', 'let the web server pass'],
    ['web-moved', 'refused', '302'],
    ['web-page', 'bad_answer', 'not JSON'],
    ['web-cut', 'bad_answer', 'does not speak'],
  ])('of which %s gives none: %s', async (id, reason, message) => {
    await expect(valuesOf(phpFpm, id)).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(message),
    });
  });

  test.each([
    ['web-free', 'Connection refused'],
    ['web-ipv6', 'no connection to tcp://[::1]'],
    ['web-garbage', 'no web server answers'],
    ['web-closed', 'the connection ended'],
    ['web-hung', 'no answer in time'],
    ['web-long', 'the answer is too long'],
  ])('is down where nobody answers as a web server does: %s', async (id, reason) => {
    expect(await downOf(id)).toContain(reason);
  });

  test('is down where the web server gets no answer from it', async () => {
    const control = ['supervisorctl', '-c', supervisor.configFile] as const;
    await runCommand([...control, 'stop', 'php-fpm']);
    expect(await downOf('web')).toContain('502');
    expect(await downOf('tcp')).toContain('Connection refused');
    await runCommand([...control, 'start', 'php-fpm']);
    await isUp('web');
  });
});
