import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CollectorError } from '../../../exporter/collector-error.ts';
import type { Sample } from '../../../exporter/metrics/metric.ts';
import { phpFpm, phpFpmSamples } from '../../../exporter/collectors/php-fpm.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { preparePhpFpm, PHP_FPM_STATUS_PATH } from '../../../lab/site/php-fpm.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { collectAll } from '../../helpers/collect.ts';

const site = { host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data' };
const signal = new AbortController().signal;
const CLIENT = 'hosts/harden/programs/php-fpm-client.php';

let folder: TempFolder;
let supervisor: Supervisor;
let hardened: HardenedHost;
let host: Host;
let doubles: readonly Server[];

beforeAll(async () => {
  folder = await createTempFolder('steward-php-fpm');
  const { program, socket } = await preparePhpFpm(folder.path);
  supervisor = await startSupervisor(folder.path, [program]);
  doubles = await Promise.all([
    listen('hung', () => undefined),
    listen('garbage', (connection) => connection.end('HTTP/1.1 400 Bad Request\r\n\r\n<html>')),
    listen('closed', (connection) => connection.destroy()),
    listen('long', (connection) => connection.end(Buffer.alloc(400_000, record('x'.repeat(60_000))))),
    listen('other', (connection) => connection.end(Buffer.concat([record('\xff\xfe'), END]))),
  ]);
  const pools = {
    pool: [socket, PHP_FPM_STATUS_PATH],
    unset: [socket, '/not-the-status'],
    gone: [join(folder.path, 'gone'), PHP_FPM_STATUS_PATH],
    ...Object.fromEntries(
      ['hung', 'garbage', 'closed', 'long', 'other'].map((name) => [
        name,
        [join(folder.path, name), PHP_FPM_STATUS_PATH],
      ]),
    ),
  };
  const sites = Object.entries(pools).map(
    ([id, [path, status]], index) =>
      `${id}: { host: web1, url: 'http://x/', path: /srv/x${index}, owner: www-data, php_fpm: { socket: '${path}', status_path: ${status} } }`,
  );
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: `{ ${sites.join(', ')} }` });
  host = hardened.open('read');
  let problem = '';
  await waitUntil(
    () =>
      valuesOf('pool').then(
        ({ phpfpm_up: up }) => up === 1,
        (error: unknown) => {
          problem = String(error);
          return false;
        },
      ),
    { what: 'PHP-FPM to answer', explain: () => problem },
  );
}, 60_000);

afterAll(async () => {
  doubles.forEach((server) => server.close());
  await host.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
}, 60_000);

/** A record of FastCGI with output in it. */
function record(text: string): Buffer {
  const content = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.from([1, 6, 0, 1, content.length >> 8, content.length & 255, 0, 0]), content]);
}
const END = Buffer.from([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

async function listen(name: string, answer: (connection: Socket) => void): Promise<Server> {
  const server = createServer((connection) => {
    connection.on('error', () => connection.destroy());
    connection.once('data', () => answer(connection));
  });
  const path = join(folder.path, name);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await chmod(path, 0o666);
  return server;
}

function collect(id: string) {
  const pool = { socket: '/a', status_path: PHP_FPM_STATUS_PATH };
  return collectAll(phpFpm, { id, entry: siteSchema.parse({ ...site, php_fpm: pool }), host }, signal);
}

async function valuesOf(id: string): Promise<Record<string, number>> {
  return valuesIn(await collect(id));
}

function valuesIn(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(samples.map(({ metric, value }) => [metric.name, value]));
}

/** What a pool that is down gives, and the reason in the error. */
async function downOf(id: string): Promise<string> {
  const error: unknown = await collect(id).then(
    () => new Error(`${id} is up`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof CollectorError)) throw error;
  expect(error.reason).toBe('unreachable');
  expect(valuesIn(error.samples)).toEqual({ phpfpm_up: 0 });
  return error.message;
}

describe('a pool of PHP-FPM', () => {
  test('tells its figures', async () => {
    const samples = await collect('pool');
    expect(await valuesOf('pool')).toMatchObject({
      phpfpm_up: 1,
      phpfpm_processes: 3,
      phpfpm_active_processes: 1,
      phpfpm_idle_processes: 2,
      phpfpm_listen_queue: 0,
      phpfpm_max_children_reached_total: 0,
      phpfpm_slow_requests_total: 0,
    });
    expect(new Set(samples.slice(1).map(({ labels }) => labels['pool']))).toEqual(new Set(['www']));
    expect(samples).toHaveLength(phpFpm.metrics.length);
  });

  test('tells how many wait at its socket, which PHP-FPM itself does not', async () => {
    const page = join(folder.path, 'slow.php');
    await writeFile(page, '<?php usleep(200000);');
    await chmod(folder.path, 0o755);
    const ended = new AbortController();
    const visit = async () => {
      while (!ended.signal.aborted)
        await runCommand(['php', CLIENT, `unix://${join(folder.path, 'php-fpm.sock')}`, page]).catch(
          () => undefined,
        );
    };
    const visitors = Array.from({ length: 6 }, visit);
    const queue = () => valuesOf('pool').then((values) => (values['phpfpm_listen_queue'] ?? 0) > 0);
    await waitUntil(queue, { what: 'a queue' });
    ended.abort();
    await Promise.all(visitors);
    expect(await valuesOf('pool')).toMatchObject({ phpfpm_listen_queue: 0 });
  });

  test('without pm.status_path says what to set', async () => {
    await expect(collect('unset')).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('pm.status_path'),
    });
  });

  test.each([
    ['gone', 'there is no socket'],
    ['hung', 'no answer in time'],
    ['closed', 'the connection ended'],
    ['garbage', 'PHP-FPM is down: '],
    ['long', 'the answer is too long'],
  ])('that is %s is down, and the error says why', async (id, reason) => {
    expect(await downOf(id)).toContain(reason);
  });

  test('whose answer is no status gives no figures', async () => {
    await expect(collect('other')).rejects.toMatchObject({ reason: 'bad_answer' });
  });

  test('that was stopped is down, and is up again when it was started', async () => {
    const control = ['supervisorctl', '-c', supervisor.configFile] as const;
    await runCommand([...control, 'stop', 'php-fpm']);
    expect(await downOf('pool')).toContain('PHP-FPM is down: ');
    await runCommand([...control, 'start', 'php-fpm']);
    await waitUntil(
      () =>
        valuesOf('pool').then(
          ({ phpfpm_up: up }) => up === 1,
          () => false,
        ),
      { what: 'PHP-FPM to be back' },
    );
  });
});

test('a site without a pool in steward.yml has nothing to measure', async () => {
  await expect(
    collectAll(phpFpm, { id: 'pool', entry: siteSchema.parse(site), host }, signal),
  ).rejects.toThrow('names no php_fpm');
});

test.each([
  ['a page', 'answer\nContent-type: text/html\r\n\r\n<html>'],
  ['a negative figure', 'answer\nA: b\r\n\r\n{"pool":"www","accepted conn":-1}'],
  ['nothing', ''],
])('%s for a status is a bad answer', (_what, printed) => {
  expect(() => phpFpmSamples(printed, { socket: '/a', status_path: PHP_FPM_STATUS_PATH })).toThrow(
    expect.objectContaining({ reason: 'bad_answer' }),
  );
});
