import { z } from 'zod';
import { durationMilliseconds } from '../duration.ts';

/** The shape of every id in steward.yml: it becomes the `instance` label, so it is safe in PromQL and on a command line. */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** An id of a host, site, bot or job. */
export const id = z
  .string()
  .regex(ID_PATTERN, 'an id of a-z, 0-9 and "-", starting with a letter or digit, 63 characters at most');

/** The characters of a typed slot: nothing that a shell or an option parser would read as more than a word. */
export const SLOT_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** A name that may be sent to a host as a slot of a verb. */
export const slotName = z
  .string()
  .regex(SLOT_PATTERN, 'A-Z, a-z, 0-9, ".", "_" and "-", not starting with "." or "-", 64 at most');

/** A duration as Prometheus writes it, such as `90s` or `1h30m`; read as milliseconds. */
export const duration = z.string().transform((text, context) => {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined) {
    context.addIssue({
      code: 'custom',
      message: 'a duration such as 30s, 15m or 1h30m',
      input: text,
    });
    return z.NEVER;
  }
  return milliseconds;
});

/** An absolute path on a host. Spaces and quotes are fine; control characters are not. */
export const absolutePath = z
  .string()
  .regex(/^\/[^\u0000-\u001f\u007f]*$/, 'an absolute path without control characters');

/** A path of a file on the machine Steward runs on, relative to steward.yml. */
export const localFile = z.string().min(1, 'the path of a file, relative to steward.yml');

/** An http or https address without credentials in it. */
export const httpUrl = z
  .string()
  .refine(isPlainHttpUrl, 'an http:// or https:// address without credentials');

/** An account or group name on a host. */
export const accountName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}\$?$/i, 'the name of an account on the host');

/** A network address to listen on, `host:port`. */
export const listenAddress = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'host:port, such as 127.0.0.1:9840');

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
