import { createHash } from 'node:crypto';

/**
 * Returns 16 hexadecimal digits that are the same for the same fault. Numbers and addresses in the text are left out, and so is the trace: a
 * web server cuts it.
 */
export function fingerprintOf(
  level: string,
  text: string,
  place?: { readonly file?: string; readonly line?: number },
): string {
  const shape = text.replaceAll(/0x[0-9a-fA-F]+|\d+/g, '#').replaceAll(/\s+/g, ' ');
  return createHash('sha256')
    .update(JSON.stringify([level, shape, place?.file, place?.line]))
    .digest('hex')
    .slice(0, 16);
}
