import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { opcache, opcacheSamples } from '../../../exporter/collectors/opcache.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { preparePhpFpm, PHP_FPM_STATUS_PATH } from '../../../lab/site/php-fpm.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { collectAll } from '../../helpers/collect.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const site = { host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data' };

/** What the configuration of each pool has besides that of the lab. */
const pools = {
  on: 'php_admin_value[opcache.enable] = 1',
  off: 'php_admin_value[opcache.enable] = 0',
  walled: 'php_admin_value[open_basedir] = /srv',
  restricted: 'php_admin_value[opcache.restrict_api] = /srv',
  forbidden: 'php_admin_value[disable_functions] = opcache_get_status',
} as const;

let folder: TempFolder;
let supervisor: Supervisor;
let hardened: HardenedHost;
let host: Host;

beforeAll(async () => {
  folder = await createTempFolder('steward-opcache');
  const { program, socket } = await preparePhpFpm(folder.path);
  const configuration = join(folder.path, 'php-fpm.conf');
  const [global = '', pool = ''] = (await readFile(configuration, 'utf8')).split('[www]\n');
  const sections = Object.entries(pools).map(
    ([name, line]) => `[${name}]\n${pool.replace(socket, `${socket}.${name}`)}${line}\n`,
  );
  await writeFile(configuration, `${global}${sections.join('')}`);
  supervisor = await startSupervisor(folder.path, [program]);
  const sites = [...Object.keys(pools), 'gone'].map(
    (name, index) =>
      `${name}: { host: web1, url: 'http://x/', path: /srv/x${index}, owner: www-data, php_fpm: { socket: '${socket}.${name}', status_path: ${PHP_FPM_STATUS_PATH} } }`,
  );
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: `{ ${sites.join(', ')} }` });
  host = hardened.open('read');
  let problem = '';
  await waitUntil(
    () =>
      collect('on').then(
        () => true,
        (error: unknown) => {
          problem = String(error);
          return false;
        },
      ),
    { what: 'PHP-FPM to answer', explain: () => problem },
  );
}, 60_000);

afterAll(async () => {
  await host.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
}, 60_000);

function collect(id: string) {
  const pool = { socket: '/a', status_path: PHP_FPM_STATUS_PATH };
  return collectAll(opcache, { id, entry: siteSchema.parse({ ...site, php_fpm: pool }), host });
}

async function valuesOf(id: string): Promise<Record<string, number>> {
  return Object.fromEntries(
    (await collect(id)).map(({ metric, labels, value }) => [
      [metric.name, ...Object.values(labels)].join(' '),
      value,
    ]),
  );
}

describe('OPcache in a pool of PHP-FPM', () => {
  test('tells its figures', async () => {
    const values = await valuesOf('on');
    expect(values).toMatchObject({
      opcache_enabled: 1,
      opcache_full: 0,
      'opcache_restarts_total oom': 0,
      'opcache_restarts_total hash': 0,
      'opcache_restarts_total manual': 0,
    });
    expect(new Set(Object.keys(values).map((name) => name.split(' ')[0]))).toEqual(
      new Set(opcache.metrics.map(({ name }) => name)),
    );
    for (const name of ['opcache_memory_used_bytes', 'opcache_max_cached_keys'])
      expect(values[name]).toBeGreaterThan(0);
  });

  test('that is off says so, and nothing else', async () => {
    expect(await valuesOf('off')).toEqual({ opcache_enabled: 0 });
  });

  test.each([
    ['walled', 'refused', 'open_basedir'],
    ['restricted', 'refused', 'opcache.restrict_api'],
    ['forbidden', 'refused', 'disable_functions'],
    ['gone', 'unreachable', 'there is no socket'],
  ])('that cannot be asked gives the reason: %s', async (id, reason, message) => {
    await expect(collect(id)).rejects.toMatchObject({ reason, message: expect.stringContaining(message) });
  });
});

test('a site without a pool in steward.yml has nothing to measure', async () => {
  await expect(collectAll(opcache, { id: 'on', entry: siteSchema.parse(site), host })).rejects.toThrow(
    'names no php_fpm',
  );
});

test('a PHP without OPcache has none that is on', () => {
  const body = { is_loaded: false, is_callable: false, is_restricted: false, status: null };
  const samples = opcacheSamples(`answer\nA: b\r\n\r\n${JSON.stringify(body)}`);
  expect(samples.map(({ metric, value }) => [metric.name, value])).toEqual([['opcache_enabled', 0]]);
});

test.each([
  ['a page', 'answer\nContent-type: text/html\r\n\r\n<html>'],
  ['a status without figures', 'answer\nA: b\r\n\r\n{"status":{"opcache_enabled":true}}'],
  ['nothing', ''],
])('%s for a status is a bad answer', (_what, printed) => {
  expect(() => opcacheSamples(printed)).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
});
