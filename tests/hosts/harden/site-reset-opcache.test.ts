import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { opcache } from '../../../exporter/collectors/opcache.ts';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { preparePhpFpm, PHP_FPM_STATUS_PATH } from '../../../lab/site/php-fpm.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { collectAll } from '../../helpers/collect.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

/** What the configuration of each pool has besides that of the lab. */
const pools = {
  on: 'php_admin_value[opcache.enable] = 1',
  off: 'php_admin_value[opcache.enable] = 0',
  walled: 'php_admin_value[open_basedir] = /srv',
  restricted: 'php_admin_value[opcache.restrict_api] = /srv',
  forbidden: 'php_admin_value[disable_functions] = opcache_reset,opcache_get_status',
} as const;

let folder: TempFolder;
let supervisor: Supervisor;
let hardened: HardenedHost;
let act: Host;
let read: Host;
let socketOf: (pool: string) => string;

beforeAll(async () => {
  folder = await createTempFolder('steward-opcache');
  const { program, socket } = await preparePhpFpm(folder.path);
  socketOf = (pool) => `${socket}.${pool}`;
  const configuration = join(folder.path, 'php-fpm.conf');
  const [global = '', pool = ''] = (await readFile(configuration, 'utf8')).split('[www]\n');
  const sections = Object.entries(pools).map(
    ([name, line]) => `[${name}]\n${pool.replace(socket, socketOf(name))}${line}\n`,
  );
  await writeFile(configuration, `${global}${sections.join('')}`);
  // The least that OPcache can have, so that little fills it.
  const small = ['memory_consumption=8', 'interned_strings_buffer=1', 'file_update_protection=0'].flatMap(
    (setting) => ['-d', `opcache.${setting}`],
  );
  const [php, ...words] = program.command;
  supervisor = await startSupervisor(folder.path, [{ ...program, command: [php, ...small, ...words] }]);
  const site = (name: string, index: number, fpm: string) =>
    `${name}: { host: web1, url: 'http://x/', path: /srv/x${index}, owner: www-data, php_fpm: ${fpm} }`;
  const sites = [...Object.keys(pools), 'gone'].map((name, index) =>
    site(name, index, `{ socket: '${socketOf(name)}', status_path: ${PHP_FPM_STATUS_PATH} }`),
  );
  const behindWeb = site('web', 9, '{ status_url: "http://127.0.0.1/status" }');
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ ${[...sites, behindWeb].join(', ')} }`,
  });
  act = hardened.open('act');
  read = hardened.open('read');
  await waitUntil(
    () =>
      isFull().then(
        () => true,
        () => false,
      ),
    { what: 'PHP-FPM to answer' },
  );
}, 60_000);

afterAll(async () => {
  await act.close();
  await read.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
}, 60_000);

const entry = siteSchema.parse({
  host: 'web1',
  url: 'http://x/',
  path: '/srv/x',
  owner: 'www-data',
  php_fpm: { socket: '/a', status_path: PHP_FPM_STATUS_PATH },
});

async function isFull(id = 'on'): Promise<boolean> {
  const samples = await collectAll(opcache, { id, entry, host: read });
  return samples.some(({ metric, value }) => metric.name === 'opcache_full' && value === 1);
}

/** Has the pool compile more than OPcache has room for, large scripts first: it is full when not even small ones fit in. */
async function fill(): Promise<void> {
  const scripts = join(folder.path, 'scripts');
  await mkdir(scripts);
  for (let index = 0; index < 600; index += 1) {
    const entries = Array.from({ length: index < 50 ? 4000 : 20 }, (_, key) => `'${index} ${key}'`);
    await writeFile(join(scripts, `${index}.php`), `<?php return [${entries.join(', ')}];`);
  }
  const load = join(scripts, 'load.php');
  await writeFile(load, '<?php for ($i = 0; $i < 600; $i++) { include __DIR__ . "/$i.php"; } echo "loaded";');
  await chmod(folder.path, 0o755);
  const client = 'hosts/harden/programs/php-fpm-client.php';
  const { stdout } = await runCommand(['php', client, `unix://${socketOf('on')}`, load]);
  expect(stdout).toContain('loaded');
}

async function reset(site: string) {
  const { kind, stdout, stderr } = await callVerb(act, {
    verb: 'site-reset-opcache',
    slots: [site],
    timeoutSeconds: 20,
  });
  return { kind, said: stdout.toString() + stderr.toString() };
}

describe('site-reset-opcache', () => {
  test('empties an OPcache that is full, and may be done again', async () => {
    await fill();
    expect(await isFull()).toBe(true);
    expect(await reset('on')).toEqual({ kind: 'succeeded', said: 'OPcache emptied\n' });
    expect(await isFull()).toBe(false);
    expect(await reset('on')).toMatchObject({ kind: 'succeeded' });
  });

  test.each([
    ['off', 'it is off'],
    ['walled', 'open_basedir'],
    ['restricted', 'opcache.restrict_api'],
    ['forbidden', 'disable_functions'],
    ['gone', 'PHP-FPM does not answer: there is no socket'],
    ['web', 'is emptied over FastCGI'],
  ])('that cannot be done says why: %s', async (site, message) => {
    expect(await reset(site)).toEqual({ kind: 'failed', said: expect.stringContaining(message) });
  });

  test('no pool crashes for what another pool compiled', async () => {
    await reset('on');
    for (const pool of ['on', 'on', 'forbidden']) await isFull(pool).catch(() => undefined);
    for (const pool of ['on', 'on', 'forbidden']) await reset(pool);
    expect(await readFile(join(folder.path, 'php-fpm.log'), 'utf8')).not.toContain('exited on signal');
  });
});
