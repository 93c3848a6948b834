import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { freePort } from '../../lab/parts/free-port.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';

const script = fileURLToPath(new URL('../../exporter/main.ts', import.meta.url));

test('a log on a full disk costs its lines alone: the exporter answers, and ends when it is told to', async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-full-log');
  resources.defer(() => folder.remove());
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder.path, 'password'), 'pw');
  await writeFile(
    join(folder.path, 'steward.yml'),
    `hosts: { here: { local: true } }\nexporter: { listen: '${address}', password_file: password }\n`,
  );
  const child = spawn(process.execPath, [script, '--config', join(folder.path, 'steward.yml')], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'inherit'],
  });
  resources.defer(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://${address}${path}`, { ...init, signal: AbortSignal.timeout(10_000) });
  await waitUntil(async () => (await ask('/-/healthy')).ok, { what: 'the exporter to answer' });
  const authorization = `Basic ${Buffer.from('steward:pw').toString('base64')}`;
  expect((await ask('/-/reload', { method: 'POST', headers: { authorization } })).status).toBe(200);
  expect((await ask('/metrics')).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
