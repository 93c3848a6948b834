import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { permissions } from '../../lab/faults/permissions.ts';
import { phpFpm } from '../../lab/faults/php-fpm.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { FRONT_PAGE_TEXT, startWordPressSite, type WordPressSite } from '../../lab/site/wordpress-site.ts';

let folder: TempFolder | undefined;
let site: WordPressSite;

beforeAll(async () => {
  folder = await createTempFolder('steward-faults');
  site = await startWordPressSite(folder.path);
}, 60_000);

afterAll(async () => {
  await (site as WordPressSite | undefined)?.stop();
  await folder?.remove();
}, 60_000);

async function modeAndOwner(path: string): Promise<string> {
  const { mode, uid } = await stat(join(site.path, path));
  return `${(mode & 0o777).toString(8)} ${uid === 0 ? 'root' : 'other'}`;
}

const paths = ['wp-config.php', 'wp-content/plugins', 'readme.html'];

test('the site is a WordPress that shows its post, in files of www-data', async () => {
  expect(await (await fetch(site.url)).text()).toContain(FRONT_PAGE_TEXT);
  expect(await Promise.all(paths.map(modeAndOwner))).toEqual(['640 other', '755 other', '644 other']);
  expect(site.path).toMatch(/'.* /);
});

test('the fault of permissions opens what is secret, and leaves the site answering', async () => {
  await permissions.inject(site);
  expect(await Promise.all(paths.map(modeAndOwner))).toEqual(['666 other', '777 other', '644 root']);
  expect((await fetch(site.url)).status).toBe(200);
});

test('the fault of PHP-FPM makes the site fail until its service is started again', async () => {
  await phpFpm.inject(site);
  await waitUntil(async () => (await fetch(site.url)).status === 502, { what: 'nginx to miss PHP-FPM' });
  await expect(phpFpm.inject(site)).rejects.toThrow('php-fpm does not run');
  await runCommand(['supervisorctl', '-c', site.supervisor.configFile, 'start', 'php-fpm']);
  expect((await fetch(site.url)).status).toBe(200);
});

test('nothing runs from the folder of a site that was stopped', async () => {
  await site.stop();
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const { stdout } = await runCommand(['ps', '-o', 'args=', '-p', ids.join(',')]);
  expect(stdout).not.toContain(folder?.path);
});
