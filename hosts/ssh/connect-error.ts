import { HostError, type HostErrorCode } from '../host.ts';
import type { SshAddress } from './address.ts';

/** What went wrong with a login, with what to do about it. `seenHostKey` is the fingerprint that the host showed. */
export function connectError(
  { host, port, user, hostKeyFingerprint }: SshAddress,
  seenHostKey: string | undefined,
  cause: unknown,
): HostError {
  if (seenHostKey !== undefined && seenHostKey !== hostKeyFingerprint) {
    return new HostError(
      'host_key_mismatch',
      `${host}:${port} shows the host key ${seenHostKey}, but steward.yml pins ${hostKeyFingerprint}: nothing was sent. ` +
        'If you changed the key yourself, run `steward host trust` for this host; if not, somebody may be in between',
      { cause },
    );
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const [code, explanation] = classify(message);
  return new HostError(code, `${user}@${host}:${port}: ${explanation} (${message})`, { cause });
}

/** By the texts of ssh2 1.17, which gives no codes. */
function classify(message: string): [HostErrorCode, string] {
  if (/authentication methods failed/i.test(message)) {
    return ['authentication_failed', 'the key is not accepted; was `steward host harden` run there?'];
  }
  if (message.includes('privateKey')) return ['key_file_unreadable', 'the private key cannot be used'];
  if (/timed out/i.test(message)) return ['timed_out', 'the login took too long'];
  return ['unreachable', 'the login failed'];
}
