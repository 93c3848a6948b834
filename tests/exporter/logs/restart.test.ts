import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { parseMetrics } from '../../helpers/parse-metrics.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let exporter: RunningProcess;
let url: string;

const debugLog = () => join(folder.path, 'debug.log');
const fatal =
  '[23-Nov-2026 02:40:25 UTC] PHP Fatal error:  bad in /srv/wp-content/plugins/acme/x.php on line 1\n';

beforeAll(async () => {
  folder = await createTempFolder('steward-log-restart');
  await chmod(folder.path, 0o755);
  await writeFile(debugLog(), fatal);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const sites = JSON.stringify({
    blog: {
      host: 'web1',
      url: 'http://127.0.0.1/',
      path: '/srv/steward-logs',
      owner: 'www-data',
      logs: [{ file: debugLog(), format: 'wordpress-debug' }],
    },
  });
  hardened = await startHardenedHost(folder.path, { services: '[]', sites });
  await mkdir(join(folder.path, 'secrets'));
  await writeFile(join(folder.path, 'secrets/exporter_password'), 'not a secret');
  const { user, sshd, keyFiles } = hardened;
  const host = {
    address: '127.0.0.1',
    port: sshd.port,
    user,
    read_key_file: keyFiles.read,
    act_key_file: keyFiles.act,
    host_key: sshd.hostKeyFingerprint,
  };
  await writeFile(
    join(folder.path, 'steward.yml'),
    `exporter: { listen: '127.0.0.1:${port}' }\nhosts: ${JSON.stringify({ web1: host })}\nsites: ${sites}\n`,
  );
  await start();
});
afterAll(async () => {
  await exporter.stop();
  await hardened.remove();
  await folder.remove();
});

async function start(): Promise<void> {
  const main = new URL('../../../exporter/main.ts', import.meta.url).pathname;
  exporter = await startProcess({
    name: 'exporter',
    argv: [process.execPath, main, '--config', join(folder.path, 'steward.yml')],
    logFile: join(folder.path, 'exporter.log'),
  });
  await exporter.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
}

/** What the site's scrape says of its logs; a record is whole when nothing was added to it since the last reading. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  await refresh();
  await refresh();
  return parseMetrics(await (await fetch(`${url}/probe?module=site&target=blog&collect[]=logs`)).text());
}

async function refresh(): Promise<void> {
  const authorization = `Basic ${Buffer.from('steward:not a secret').toString('base64')}`;
  const page = `${url}/refresh?target=blog&collector=logs`;
  const answer = await fetch(page, { method: 'POST', headers: { authorization } });
  expect(await answer.text()).toBe('refreshed\n');
}

const named = (metrics: ReadonlyMap<string, number>, name: string) =>
  [...metrics].filter(([series]) => series.startsWith(name)).map(([, value]) => value);

test('an exporter that is killed goes on counting where it was', async () => {
  expect(named(await scrape(), 'wordpress_log_fatals_total')).toEqual([]);
  await appendFile(debugLog(), fatal + fatal);
  expect(named(await scrape(), 'wordpress_log_fatals_total')).toEqual([2]);
  exporter.kill('SIGKILL');
  await exporter.ended;
  await appendFile(debugLog(), fatal);
  await start();
  expect(named(await scrape(), 'wordpress_log_fatals_total')).toEqual([3]);
});
