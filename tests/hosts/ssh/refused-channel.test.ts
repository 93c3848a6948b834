import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import type { Host } from '../../../hosts/host.ts';
import { openHost } from '../../../hosts/open-host.ts';
import { hostSchema } from '../../../inventory/schema/host.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';

/** Longer than a refused channel is asked for again. */
const ANSWER_AFTER_MS = 1500;

/** A host that refuses the first channel, runs all others, and takes long to say that they have ended. */
async function startRefusingHost(resources: AsyncDisposableStack, onRefusal: () => void) {
  const folder = await createTempFolder('steward-refused');
  resources.defer(() => folder.remove());
  const key = join(folder.path, 'key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const fingerprint = /SHA256:\S+/.exec((await runCommand(['ssh-keygen', '-lf', key])).stdout)?.[0];
  const executed: string[] = [];
  let hasRefused = false;
  const ssh = new ssh2.Server({ hostKeys: [await readFile(key)] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      if (login.method === 'none') login.reject(['publickey']);
      else login.accept();
    });
    client.on('session', (accept, refuse) => {
      if (!hasRefused) {
        hasRefused = true;
        refuse();
        onRefusal();
        return;
      }
      accept().on('exec', (open, _refuse, { command }) => {
        executed.push(command);
        const channel = open();
        setTimeout(() => {
          channel.exit(0);
          channel.end();
        }, ANSWER_AFTER_MS);
      });
    });
  });
  const server = createServer((socket) => ssh.injectSocket(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => void server.close());
  const entry = hostSchema.parse({
    address: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    user: 'steward',
    read_key_file: key,
    act_key_file: key,
    host_key: fingerprint,
  });
  const host: Host = openHost('there', entry, 'read', (path) => path);
  resources.defer(() => host.close());
  return { host, executed };
}

test('a command whose channel was refused is not begun any more once nobody waits for it', async () => {
  await using resources = new AsyncDisposableStack();
  const abort = new AbortController();
  const { host, executed } = await startRefusingHost(resources, () => abort.abort());
  const outcome = await host.run({ argv: ['first'], timeoutSeconds: 5, signal: abort.signal });
  expect(outcome).toMatchObject({ kind: 'unknown', reason: 'aborted while it ran' });
  expect(await host.run({ argv: ['second'], timeoutSeconds: 5 })).toMatchObject({ kind: 'succeeded' });
  expect(executed).toEqual(['timeout --kill-after=5 5 second']);
});

test('one that is still waited for is begun where the host takes the next channel', async () => {
  await using resources = new AsyncDisposableStack();
  const { host, executed } = await startRefusingHost(resources, () => undefined);
  expect(await host.run({ argv: ['first'], timeoutSeconds: 5 })).toMatchObject({ kind: 'succeeded' });
  expect(executed).toEqual(['timeout --kill-after=5 5 first']);
});
