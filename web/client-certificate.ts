import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from './web-config.ts';

/** Says whether a client is let in by the certificate that it showed, or did not show. */
export function isClientAllowed(socket: TLSSocket, { clientAuth, allowedSans }: TlsSettings): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return !clientAuth.startsWith('Require');
  if (clientAuth.includes('Verify') && !socket.authorized) return false;
  if (allowedSans === undefined) return true;
  const allowed = new Set(allowedSans.map(canonical));
  return readSans(certificate.subjectAltName ?? '').some((name) => allowed.has(name));
}

/** Reads the names out of Node's text of them, in which names that could be mistaken for several are quoted as in JSON. */
function readSans(text: string): string[] {
  const pattern = /(?:^|, )(?:DNS|IP Address|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)/g;
  return [...text.matchAll(pattern)].map(([, name = '']) =>
    canonical(name.startsWith('"') ? String(JSON.parse(name)) : name),
  );
}

/** An address of IPv6 has many spellings. */
function canonical(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}
