import { appendFile, chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Host } from '../../../hosts/host.ts';
import { freePorts } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { filesOf, LARGE_LOG, putAsOwner, rotatedNameIn, rotateLog } from './rotated-logs.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
const at = (...path: string[]) => join(folder.path, ...path);
const access = (name = '') => at('nginx', name);

beforeAll(async () => {
  folder = await createTempFolder('steward-rotate');
  await chmod(folder.path, 0o755);
  const logs = [{ file: access('access.log'), format: 'nginx-access' }];
  const site = { host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data', logs };
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: JSON.stringify({ blog: site }) });
  host = hardened.open('act');
});
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await folder.remove();
});

describe("nginx's log in a folder of root's", () => {
  let nginx: RunningProcess;
  let port: number;
  const visit = (page: string) => fetch(`http://127.0.0.1:${port}/${page}`).then((answer) => answer.text());

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    await mkdir(access());
    await putAsOwner(access('access.log'), LARGE_LOG, 0o640);
    await writeFile(
      at('nginx.conf'),
      `daemon off; user www-data; worker_processes 2; pid ${at('nginx.pid')}; error_log ${at('nginx-error.log')};
      events {} http { access_log ${access('access.log')}; server { listen 127.0.0.1:${port}; return 200; } }\n`,
    );
    const argv = ['/usr/sbin/nginx', '-c', at('nginx.conf')] as const;
    nginx = await startProcess({ name: 'nginx', argv: [...argv], logFile: at('nginx.out') });
    await nginx.untilReady(() =>
      visit('before').then(
        () => true,
        () => false,
      ),
    );
  });
  afterAll(() => nginx.stop());

  test('is opened anew by nginx, which loses no line', async () => {
    expect(await rotateLog(host, 'nginx-access')).toMatchObject({ kind: 'succeeded' });
    await visit('after');
    const rotated = await rotatedNameIn(access());
    expect(await readFile(access(rotated), 'utf8')).toMatch(/GET \/before/);
    expect(await readFile(access('access.log'), 'utf8')).toMatch(/^[^\n]*GET \/after[^\n]*\n$/);
    expect(await filesOf(access())).toMatchObject({
      'access.log': expect.stringMatching(/^33:33 640 /),
      [rotated]: expect.stringMatching(/^33:33 640 /),
    });
  });

  test('is left alone while another program writes to it', async () => {
    await appendFile(access('access.log'), LARGE_LOG);
    const before = await readdir(access());
    const script = `exec 3>>'${access('access.log')}'; echo ready; exec sleep 60`;
    const other = await startProcess({ name: 'sleep', argv: ['sh', '-c', script], logFile: at('sleep.out') });
    await other.untilReady(() => Promise.resolve(other.logTail().includes('ready')));
    const outcome = await rotateLog(host, 'nginx-access');
    await other.stop();
    expect(outcome).toMatchObject({
      kind: 'failed',
      said: expect.stringMatching(
        /^(?:sleep|dash) \(\d+\) writes to the log, and is none that opens it anew/,
      ),
    });
    expect(await readdir(access())).toEqual(before);
  });
});
