import { Client } from 'ssh2';
import { HostError } from '../host.ts';
import { sshFingerprint } from './fingerprint.ts';
import { openSocket } from './open-socket.ts';

/** A host key as a host shows it. */
export interface ShownHostKey {
  /** As OpenSSH prints it: `SHA256:...`. */
  readonly fingerprint: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
}

const TIMEOUT_MS = 10_000;

/** Asks an sshd for its host key, and ends the connection without logging in. Rejects with a HostError where it does not show one. */
export async function fetchHostKey(host: string, port: number): Promise<ShownHostKey> {
  const socket = await openSocket(host, port, TIMEOUT_MS);
  const shown = Promise.withResolvers<ShownHostKey>();
  const fail = (reason: string, cause?: Error) =>
    shown.reject(new HostError('unreachable', `${host}:${port} shows no host key: ${reason}`, { cause }));
  const client = new Client();
  client.on('error', (error) => fail(error.message, error));
  client.on('close', () => fail('the connection was closed'));
  client.connect({
    sock: socket,
    username: 'steward',
    readyTimeout: TIMEOUT_MS,
    hostVerifier: (key: Buffer) => {
      shown.resolve({ fingerprint: sshFingerprint(key), type: keyType(key) });
      return false;
    },
  });
  try {
    return await shown.promise;
  } finally {
    client.destroy();
    socket.destroy();
  }
}

/** A key begins with the length of its type and the type (RFC 4253, section 6.6). Whoever answers wrote it, and it is shown on a terminal. */
function keyType(key: Buffer): string {
  const type = key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0));
  return /^[a-z0-9@.-]{1,64}$/.test(type) ? type : 'unknown';
}
