import { createHash } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import { NodeSSH } from 'node-ssh';
import type { ClientChannel } from 'ssh2';
import { HostError, type HostErrorCode } from '../host.ts';

/** Where an sshd is, who logs in there, and which host key it must show. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The text of the private key. */
  readonly privateKey: string;
  /** The fingerprint that was pinned, as `SHA256:...`. */
  readonly hostKeyFingerprint: string;
}

/** One SSH connection, over which many commands run. */
export interface SshConnection {
  /** Opens a channel that runs a line of shell. Rejects with a HostError where nothing was started. */
  execute(line: string): Promise<ClientChannel>;
  /** Whether it can still be used. */
  isOpen(): boolean;
  /** Settles when the connection is gone, with the reason. */
  readonly lost: Promise<string>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_INTERVAL_MS = 5000;
const KEEPALIVE_MISSES = 3;

/** Connects and logs in. Rejects with a HostError that says what is wrong; a changed host key is never accepted. */
export async function openSshConnection(address: SshAddress): Promise<SshConnection> {
  const socket = await openSocket(address);
  const ssh = new NodeSSH();
  const keyCheck: { seen?: string } = {};
  try {
    await ssh.connect({
      sock: socket,
      username: address.user,
      privateKey: address.privateKey,
      readyTimeout: CONNECT_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_INTERVAL_MS,
      keepaliveCountMax: KEEPALIVE_MISSES,
      hostVerifier: (key: Buffer) => {
        keyCheck.seen = sshFingerprint(key);
        return keyCheck.seen === address.hostKeyFingerprint;
      },
    });
  } catch (cause) {
    socket.destroy();
    throw connectError(address, keyCheck.seen, cause);
  }
  return follow(ssh, socket);
}

/** The fingerprint of a host key as OpenSSH prints it: `SHA256:` and unpadded base64. */
export function sshFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function openSocket({ host, port }: SshAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port });
    // Without this each command waits for a delayed acknowledgement: 49 ms instead of 7 ms, measured on loopback.
    socket.setNoDelay(true);
    const fail = (message: string, cause?: Error) => {
      socket.destroy();
      reject(new HostError('unreachable', `${host}:${port} cannot be reached: ${message}`, { cause }));
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => fail(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
    socket.once('error', (error) => fail(error.message, error));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function follow(ssh: NodeSSH, socket: Socket): SshConnection {
  const client = ssh.connection;
  if (client === null) throw new HostError('connection_lost', 'the connection was lost during the login');
  let open = true;
  const lost = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      open = false;
      resolve(reason);
    };
    // node-ssh takes its own listener off after the login; without one, a TCP reset would end this process.
    client.on('error', (error: Error) => end(error.message));
    client.on('close', () => end('the connection was closed'));
    client.on('end', () => end('the connection was ended by the host'));
  });
  return {
    lost,
    isOpen: () => open,
    close() {
      open = false;
      ssh.dispose();
      socket.destroy();
    },
    execute: (line) =>
      new Promise((resolve, reject) => {
        void lost.then((reason) => reject(new HostError('connection_lost', reason)));
        try {
          client.exec(line, (error, channel) => {
            if (error)
              reject(new HostError('connection_lost', `no channel: ${error.message}`, { cause: error }));
            else resolve(channel);
          });
        } catch (cause) {
          reject(new HostError('connection_lost', 'the connection is not open', { cause }));
        }
      }),
  };
}

function connectError(
  { host, port, user, hostKeyFingerprint }: SshAddress,
  seen: string | undefined,
  cause: unknown,
) {
  if (seen !== undefined && seen !== hostKeyFingerprint) {
    return new HostError(
      'host_key_mismatch',
      `${host}:${port} shows the host key ${seen}, but steward.yml pins ${hostKeyFingerprint}: nothing was sent. ` +
        'If you changed the key yourself, run `steward host trust` for this host; if not, somebody may be in between',
      { cause },
    );
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const [code, explanation] = classify(message);
  return new HostError(code, `${user}@${host}:${port}: ${explanation} (${message})`, { cause });
}

function classify(message: string): [HostErrorCode, string] {
  if (/authentication methods failed/i.test(message)) {
    return ['authentication_failed', 'the key is not accepted; was `steward host harden` run there?'];
  }
  if (/privateKey|parse|passphrase/i.test(message)) {
    return ['key_file_unreadable', 'the private key cannot be used'];
  }
  if (/timed out/i.test(message)) return ['timed_out', 'the login took too long'];
  return ['unreachable', 'the login failed'];
}
