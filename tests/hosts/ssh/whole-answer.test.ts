import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ssh2 from 'ssh2';
import { openHost } from '../../../hosts/open-host.ts';
import { hostSchema } from '../../../inventory/schema/host.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';

test('an exit code that comes in one piece with all that was before it is heard', async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-whole-answer');
  resources.defer(() => folder.remove());
  const key = join(folder.path, 'key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const fingerprint = /SHA256:\S+/.exec((await runCommand(['ssh-keygen', '-lf', key])).stdout)?.[0];
  const ssh = new ssh2.Server({ hostKeys: [await readFile(key)] }, () => undefined);
  const server = createServer((socket) => ssh.injectSocket(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => void server.close());
  const sockets = new Set<{ cork(): void; uncork(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  ssh.on('connection', (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      if (login.method === 'none') login.reject(['publickey']);
      else login.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (open) => {
        for (const socket of sockets) socket.cork();
        const channel = open();
        channel.write('all of it');
        channel.exit(0);
        channel.end();
        setImmediate(() => {
          for (const socket of sockets) socket.uncork();
        });
      });
    });
  });
  const entry = hostSchema.parse({
    address: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    read_key_file: key,
    act_key_file: `${key}_act`,
    host_key: fingerprint,
  });
  const host = openHost('there', entry, 'read', (path) => path);
  resources.defer(() => host.close());
  for (let round = 0; round < 20; round += 1) {
    const outcome = await host.run({ argv: ['x'], timeoutSeconds: 10 });
    expect(outcome).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('all of it') });
  }
});
