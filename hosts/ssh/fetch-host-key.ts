import { Client } from 'ssh2';
import { sshFingerprint } from './fingerprint.ts';

/** A host key as a host shows it. */
export interface ShownHostKey {
  /** As OpenSSH prints it: `SHA256:...`. */
  readonly fingerprint: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
}

const TIMEOUT_MS = 10_000;

/** Asks an sshd for its host key, and ends the connection without logging in. Rejects where it does not show one. */
export function fetchHostKey(host: string, port: number): Promise<ShownHostKey> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', (error) => reject(new Error(`${host}:${port} shows no host key: ${error.message}`)));
    client.connect({
      host,
      port,
      username: 'steward',
      readyTimeout: TIMEOUT_MS,
      hostVerifier: (key: Buffer) => {
        resolve({ fingerprint: sshFingerprint(key), type: keyType(key) });
        return false;
      },
    });
  });
}

/** A key begins with the length of its type and the type (RFC 4253, section 6.6). */
function keyType(key: Buffer): string {
  return key.toString('ascii', 4, 4 + key.readUInt32BE(0));
}
