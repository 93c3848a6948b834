import { hash, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret.ts';

/** Says whether an Authorization header carries the user and password, in a time that tells nothing of either. */
export function isBasicAuthorized(header: string | undefined, username: string, password: Secret): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1] ?? '';
  return isEqual(Buffer.from(given, 'base64').toString(), `${username}:${password.reveal()}`);
}

/** Says whether an Authorization header carries the token, in a time that tells nothing of it. */
export function isBearerAuthorized(header: string | undefined, token: Secret): boolean {
  return isEqual(/^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '', token.reveal());
}

/** The Authorization header of a user and password. */
export function basicAuthorization(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

/** Digests have one length, which timingSafeEqual needs, whatever was given. */
function isEqual(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
