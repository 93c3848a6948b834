import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { discover } from '../../../hosts/discover/discover.ts';
import { createLocalHost } from '../../../hosts/local/local-host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let folder: TempFolder;
let bot: ReturnType<typeof spawn>;
beforeAll(async () => {
  folder = await createTempFolder('steward-discover');
  const at = (path: string) => join(folder.path, path);
  await mkdir(at('bin'));
  await writeFile(at('bin/freqtrade'), '#!/bin/sh\necho ready\nexec 1>&-\nread -r _\n');
  await chmod(at('bin/freqtrade'), 0o755);
  await writeFile(at('base.json'), '{ "exchange": { "secret": "s3cret" } }');
  await writeFile(at('config.json'), CONFIG);
  const words = ['trade', '-c', at('base.json'), '--config', 'config.json', '--logfile', '/var/log/bot.log'];
  bot = spawn(at('bin/freqtrade'), words, { cwd: folder.path, stdio: ['pipe', 'pipe', 'ignore'] });
  await once(bot.stdout ?? bot, 'data');
});
afterAll(async () => {
  bot.stdin?.end();
  await once(bot, 'close');
  await folder.remove();
});

const CONFIG = `{
  // "api_server": { "enabled": false, "listen_port": 1 },
  "telegram": { "token": "s3cret" },
  "api_server": {
    "enabled": true,
    "listen_ip_address": "10.8.0.2",
    "listen_port": 8081,
    "username": "me",
    "password": "s3cret",
    "CORS_origins": []
  }
}`;

test('finds a bot that runs, and brings no secret along', async () => {
  const records = await discover(createLocalHost('here', 'steward'));
  expect(records.bot).toContainEqual({
    cgroup: expect.any(String),
    enabled: 'true',
    address: '10.8.0.2',
    port: '8081',
    username: 'me',
    logFile: '/var/log/bot.log',
  });
  expect(JSON.stringify(records)).not.toContain('s3cret');
});

test('rejects where something else answers', async () => {
  const host = createLocalHost('here', 'steward');
  const other = {
    ...host,
    run: () => host.run({ argv: ['echo', 'This account is not available.'], timeoutSeconds: 5 }),
  };
  await expect(discover(other)).rejects.toMatchObject({ code: 'bad_answer' });
});
