/** A user and password as they came. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Reads an Authorization header of the kind Basic (RFC 7617); undefined where it is another or malformed. */
export function readBasicCredentials(header: string | undefined): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = decode(Buffer.from(encoded, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  return text === undefined || colon === -1
    ? undefined
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** What is not UTF-8 would otherwise become another text. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
