import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Host } from '../../../hosts/host.ts';
import { openHost } from '../../../hosts/open-host.ts';
import { createConnectionPool } from '../../../hosts/ssh/connection-pool.ts';
import { openSshConnection } from '../../../hosts/ssh/connection.ts';
import { createSshHost } from '../../../hosts/ssh/ssh-host.ts';
import type { HostEntry } from '../../../inventory/schema/host.ts';
import { freePort } from '../../../lab/parts/free-port.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { startSshd } from '../../../lab/parts/sshd.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startPlainSshd, type PlainSshd } from '../../helpers/plain-sshd.ts';
import { killDescendantsOf, killProcessesWith, processesWith } from '../../helpers/processes.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.ts';

let folder: TempFolder;
let sshd: PlainSshd;
let proxy: TcpProxy;
const hosts: Host[] = [];
const markers: string[] = [];

beforeAll(async () => {
  folder = await createTempFolder('steward-ssh-faults');
  sshd = await startPlainSshd(folder.path);
});
afterAll(async () => {
  await sshd.stop();
  await folder.remove();
});
beforeEach(async () => {
  proxy = await startTcpProxy(sshd.port);
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  await Promise.all(markers.splice(0).map(killProcessesWith));
  await proxy.close();
});

function open(changes: Partial<HostEntry> = {}): Host {
  const host = openHost('there', sshd.entry({ port: proxy.port, ...changes }), 'read', (path) => path);
  hosts.push(host);
  return host;
}

function openWithQuickKeepalive(): Host {
  const open = async () => {
    const privateKey = await readFile(sshd.keyFile, 'utf8');
    const { hostKeyFingerprint } = sshd;
    return openSshConnection(
      { host: '127.0.0.1', port: proxy.port, user: userInfo().username, privateKey, hostKeyFingerprint },
      { keepaliveIntervalMs: 200 },
    );
  };
  const host = createSshHost('there', userInfo().username, createConnectionPool(open));
  hosts.push(host);
  return host;
}

/** Starts a long command and returns once it runs, with a text that stands in its command line. */
async function startLongCommand(host: Host, timeoutSeconds = 2) {
  const marker = `steward-${randomUUID()}`;
  markers.push(marker);
  const started = join(folder.path, marker);
  const outcome = host.run({
    argv: ['sh', '-c', 'touch "$1"; sleep 300', marker, started],
    timeoutSeconds,
  });
  await waitUntil(() => readFile(started), { what: 'the command to start' });
  return { outcome, marker };
}

describe('the host key', () => {
  test('that was changed is refused, both fingerprints are named, and nothing is run', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`;
    const outcome = await open({ host_key: pinned }).run({ argv: ['true'], timeoutSeconds: 5 });
    expect(outcome).toMatchObject({ kind: 'failed', exitCode: undefined, code: 'host_key_mismatch' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining(pinned));
    expect(outcome).toHaveProperty('reason', expect.stringContaining(sshd.hostKeyFingerprint));
  });

  test('that is not pinned leads to no connection at all', async () => {
    const entry = Object.entries(sshd.entry({ port: proxy.port })).filter(([key]) => key !== 'host_key');
    const host = openHost('there', Object.fromEntries(entry) as unknown as HostEntry, 'read', (path) => path);
    expect(await host.run({ argv: ['true'], timeoutSeconds: 5 })).toMatchObject({ code: 'host_key_missing' });
    expect(proxy.connections()).toBe(0);
  });
});

describe('the private key', () => {
  test('whose file is missing is named', async () => {
    const outcome = await open({ read_key_file: '/nonexistent/key' }).run({
      argv: ['true'],
      timeoutSeconds: 5,
    });
    expect(outcome).toMatchObject({ code: 'key_file_unreadable' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('/nonexistent/key'));
  });

  test('that is not a key is said to be unusable', async () => {
    const outcome = await open({ read_key_file: '/etc/hostname' }).run({ argv: ['true'], timeoutSeconds: 5 });
    expect(outcome).toMatchObject({ code: 'key_file_unreadable' });
  });

  test('that the host does not know is refused, with what to do', async () => {
    const stranger = join(folder.path, 'stranger');
    await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    const outcome = await open({ read_key_file: stranger }).run({ argv: ['true'], timeoutSeconds: 5 });
    expect(outcome).toMatchObject({ code: 'authentication_failed' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('steward host harden'));
  });
});

describe('the connection', () => {
  test('is shared by many commands', async () => {
    const host = open();
    await Promise.all(Array.from({ length: 12 }, () => host.run({ argv: ['true'], timeoutSeconds: 5 })));
    await host.run({ argv: ['true'], timeoutSeconds: 5 });
    expect(proxy.connections()).toBe(1);
  });

  test('that is reset while a command runs makes it unknown, and the next command connects again', async () => {
    const host = open();
    const { outcome } = await startLongCommand(host);
    proxy.reset();
    expect((await outcome).kind).toBe('unknown');
    expect((await host.run({ argv: ['true'], timeoutSeconds: 5 })).kind).toBe('succeeded');
  });

  test('that is lost leaves no command running for ever on the far side', async () => {
    const { outcome, marker } = await startLongCommand(open());
    proxy.reset();
    await outcome;
    const gone = async () => (await processesWith(marker)).length === 0;
    expect(await waitUntil(gone, { what: 'the command to be gone' })).toBe(true);
  });

  test('that falls silent is given up by its keepalive, and makes the command unknown', async () => {
    const { outcome } = await startLongCommand(openWithQuickKeepalive(), 60);
    proxy.swallow();
    expect(await outcome).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/keepalive/i) });
  });

  test('that falls silent before the host answers the request makes the command unknown: it may have begun', async () => {
    const host = openWithQuickKeepalive();
    await host.run({ argv: ['true'], timeoutSeconds: 5 });
    proxy.swallow();
    expect(await host.run({ argv: ['true'], timeoutSeconds: 60 })).toMatchObject({ kind: 'unknown' });
  });

  test('that is silent ends the wait of an aborted command at once', async () => {
    const host = open();
    await host.run({ argv: ['true'], timeoutSeconds: 5 });
    proxy.swallow();
    const abort = new AbortController();
    const outcome = host.run({ argv: ['true'], timeoutSeconds: 60, signal: abort.signal });
    setImmediate(() => abort.abort());
    expect(await outcome).toMatchObject({ kind: 'unknown', reason: 'aborted while it ran' });
  });

  test('whose sshd is killed while a command runs makes it unknown', async () => {
    const { outcome } = await startLongCommand(open(), 60);
    // Each connection has processes of its own in sshd, which outlive the listener.
    await killDescendantsOf(sshd.process.pid);
    expect((await outcome).kind).toBe('unknown');
  });

  test('to a port where nobody listens fails, and the address is named', async () => {
    const port = await freePort();
    const outcome = await open({ port }).run({ argv: ['true'], timeoutSeconds: 5 });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'unreachable' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining(`127.0.0.1:${port}`));
  });

  test('on which the host opens no more channels makes the command fail: it was surely not started', async () => {
    const narrow = await startSshd({
      folder: join(folder.path, 'narrow'),
      authorizedKeysFile: join(folder.path, 'authorized_keys'),
      extraConfiguration: ['StrictModes no', 'MaxSessions 1'],
    });
    const host = open({ port: narrow.port, host_key: narrow.hostKeyFingerprint });
    const { marker, outcome } = await startLongCommand(host, 60);
    const refused = await host.run({ argv: ['true'], timeoutSeconds: 5 });
    await killProcessesWith(marker);
    await outcome;
    await narrow.stop();
    expect(refused).toMatchObject({ kind: 'failed', exitCode: undefined, code: 'unreachable' });
  });

  test('is made when the sshd that was down is up', async () => {
    const port = await freePort();
    const options = {
      folder: join(folder.path, 'other'),
      port,
      authorizedKeysFile: join(folder.path, 'authorized_keys'),
      extraConfiguration: ['StrictModes no'],
    };
    const before = await startSshd(options);
    await before.stop();
    const host = open({ port, host_key: before.hostKeyFingerprint });
    expect(await host.run({ argv: ['true'], timeoutSeconds: 5 })).toMatchObject({ code: 'unreachable' });
    const other = await startSshd(options);
    const up = await waitUntil(
      async () => (await host.run({ argv: ['true'], timeoutSeconds: 5 })).kind === 'succeeded',
      { what: 'a command to succeed' },
    );
    await other.stop();
    expect(up).toBe(true);
  });
});

test('a host that is closed while it connects to one that is silent leaves nothing open', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const connected = once(silent, 'connection');
  const host = open({ port: (silent.address() as AddressInfo).port });
  const outcome = host.run({ argv: ['true'], timeoutSeconds: 30 });
  const [socket] = (await connected) as [Socket];
  const ended = once(socket.resume(), 'close');
  await host.close();
  expect(await outcome).toMatchObject({ kind: 'failed', code: 'unreachable' });
  await ended;
  silent.close();
});
