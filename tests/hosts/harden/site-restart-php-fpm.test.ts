import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { preparePhpFpm } from '../../../lab/site/php-fpm.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let supervisor: Supervisor;
let hardened: HardenedHost;
let host: Host;
let configuration: string;

beforeAll(async () => {
  folder = await createTempFolder('steward-pool');
  const { program } = await preparePhpFpm(folder.path);
  configuration = join(folder.path, 'php-fpm.conf');
  const [php] = program.command;
  const other = join(folder.path, 'other');
  await mkdir(other);
  const untested = { ...(await preparePhpFpm(other)).program, name: 'shop-php-fpm' };
  supervisor = await startSupervisor(folder.path, [program, untested]);
  for (const name of ['php-fpm', 'shop-php-fpm']) await supervisor.process.untilReady(() => isUp(name));
  const managed = `manager: supervisor, config: ${supervisor.configFile}`;
  const site = (name: string, services: string) =>
    `${name}: { host: web1, url: 'http://x/', path: /srv/x, owner: www-data, services: [${services}] }`;
  hardened = await startHardenedHost(folder.path, {
    services: `[{ name: php-fpm, ${managed}, config_test: [${php}, -t, -y, ${configuration}] }, { name: php8.4-fpm, ${managed} }, { name: shop-php-fpm, ${managed} }, { name: nginx, ${managed} }]`,
    sites: `{ ${site('blog', 'nginx, php-fpm')}, ${site('shop', 'nginx, shop-php-fpm')}, ${site('none', 'nginx')}, ${site('both', 'php8.4-fpm, php-fpm')} }`,
  });
  host = hardened.open('act');
});
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await supervisor.stop();
  await folder.remove();
});

function isUp(name: string): Promise<boolean> {
  return supervisor.pidOf(name).then(
    () => true,
    () => false,
  );
}

async function restart(site: string) {
  const outcome = await callVerb(host, { verb: 'site-restart-php-fpm', slots: [site], timeoutSeconds: 40 });
  return {
    exitCode: 'exitCode' in outcome ? outcome.exitCode : outcome.kind,
    said: outcome.stderr.toString(),
  };
}

test('the php-fpm of the site is another process afterwards', async () => {
  const before = await supervisor.pidOf('php-fpm');
  expect(await restart('blog')).toEqual({ exitCode: 'succeeded', said: '' });
  expect(await supervisor.pidOf('php-fpm')).not.toBe(before);
});

test.each([
  ['none', 'steward.yml names no php-fpm among the services of this site\n'],
  ['both', 'steward.yml names several php-fpm among the services of this site: php8.4-fpm php-fpm\n'],
])('a site of which it is not sure is left alone: %s', async (site, said) => {
  const before = await supervisor.pidOf('php-fpm');
  expect(await restart(site)).toEqual({ exitCode: 1, said });
  expect(await supervisor.pidOf('php-fpm')).toBe(before);
});

test('with a broken configuration it is left running', async () => {
  const before = await supervisor.pidOf('php-fpm');
  await writeFile(configuration, '[global]\nnonsense = 1\n');
  const { exitCode, said } = await restart('blog');
  expect(exitCode).toBe(78);
  expect(said).toMatch(/^not restarted, for its own configuration test fails: .*unknown entry 'nonsense'/s);
  expect(await supervisor.pidOf('php-fpm')).toBe(before);
});

test('one that nobody can test is left alone while it runs, and restarted once it does not', async () => {
  const before = await supervisor.pidOf('shop-php-fpm');
  expect(await restart('shop')).toEqual({
    exitCode: 78,
    said: 'not restarted, for it runs, and steward.yml names no test of its configuration: write one, as config_test of the service, or [] for none\n',
  });
  expect(await supervisor.pidOf('shop-php-fpm')).toBe(before);
  process.kill(before);
  await waitUntil(async () => !(await isUp('shop-php-fpm')), { what: 'the php-fpm to be down' });
  expect(await restart('shop')).toEqual({ exitCode: 'succeeded', said: '' });
});
