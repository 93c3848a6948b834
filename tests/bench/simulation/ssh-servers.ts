import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Server, type ServerChannel } from 'ssh2';
import { runCommand } from '../../../lab/parts/run-command.ts';
import type { RecordedAnswer } from './recorded-site.ts';

/** Servers that speak real SSH, and play back what a real host once said, so that many hosts cost little. */
export interface SshServers {
  readonly ports: readonly number[];
  /** The fingerprint of their host key, as `SHA256:...`. */
  readonly hostKeyFingerprint: string;
  /** A key that they take. */
  readonly keyFile: string;
  stop(): Promise<void>;
}

/** Starts so many of them, with one key for all. */
export async function startSshServers(
  folder: string,
  count: number,
  answer: (line: string) => Promise<RecordedAnswer>,
): Promise<SshServers> {
  const keyFile = join(folder, 'simulated_key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const { stdout } = await runCommand(['ssh-keygen', '-l', '-f', `${keyFile}.pub`]);
  const hostKeyFingerprint = /SHA256:\S+/.exec(stdout)?.[0] ?? '';
  const hostKey = await readFile(keyFile);
  const servers = Array.from({ length: count }, () => createServer(hostKey, answer));
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    hostKeyFingerprint,
    keyFile,
    async stop() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function createServer(hostKey: Buffer, answer: (line: string) => Promise<RecordedAnswer>): Server {
  return new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    // The exporter ends at the end of a measurement, and its connections with it.
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      if (login.method === 'none') login.reject(['publickey']);
      else login.accept();
    });
    client.on('session', (acceptSession) => {
      acceptSession().on('exec', (acceptExec, _reject, { command }) => {
        void play(acceptExec(), answer(command));
      });
    });
  });
}

async function play(channel: ServerChannel, answer: Promise<RecordedAnswer>): Promise<void> {
  const { stdout, exitCode } = await answer;
  channel.write(stdout);
  channel.exit(exitCode);
  channel.end();
}
