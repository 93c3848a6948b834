import { z } from 'zod';
import { isCronExpression, isTimeZone } from '../cron.ts';
import { durationMilliseconds } from '../duration.ts';

/** The shape of every id in steward.yml: it becomes the `instance` label, so it is safe in PromQL and on a command line. */
const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

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

const DURATION = 'a duration such as 30s, 15m or 1h30m';

/** A duration as Prometheus writes it, such as `90s` or `1h30m`; read as milliseconds. */
export const duration = z.string(DURATION).transform((text, context) => {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined) {
    context.addIssue({ code: 'custom', message: DURATION, input: text });
    return z.NEVER;
  }
  return milliseconds;
});

/** A duration that is not nothing. */
export const positiveDuration = duration.refine((milliseconds) => milliseconds > 0, {
  error: 'a duration longer than nothing, such as 30s, 15m or 1h30m',
});

/** When something begins, as cron writes it. */
export const cron = z
  .string()
  .refine(isCronExpression, { error: 'a cron expression of five fields such as "30 2 * * *", or @daily' });

/** The time zone of a cron expression. */
export const timezone = z
  .string()
  .refine(isTimeZone, { error: 'the name of a time zone such as Europe/Berlin' });

/** An absolute path on a host. Spaces and quotes are fine; control characters are not. */
export const absolutePath = z
  .string()
  .regex(/^\/[^\u0000-\u001f\u007f]*$/, 'an absolute path without control characters');

/** Folders that belong to the system: a site never is one of them. */
const SYSTEM_FOLDER =
  /^\/(?:(?:home|media|mnt|opt|root|srv|tmp|usr|var)?|usr\/(?:bin|lib|local|sbin|share)|var\/(?:cache|lib|log|mail|spool))$/;
/** Folders where no site stands at any depth. */
const SYSTEM_TREE = /^\/(?:bin|boot|dev|etc|lib|lib32|lib64|proc|run|sbin|sys)(?:\/|$)/;

/**
 * The folder of a site on its host, without slashes at its end. Owner and modes of all that it holds are mended as root,
 * so folders of the system are refused, and so is every path that is written as another one.
 */
export const siteFolder = absolutePath
  .transform((path) => path.replace(/(?<=.)\/+$/, ''))
  .refine((path) => !/\/(?:\.{0,2})(?:\/|$)/.test(path) || path === '/', {
    error: 'a path without empty parts, "." and ".."',
  })
  .refine((path) => !SYSTEM_FOLDER.test(path) && !SYSTEM_TREE.test(path), {
    error: "the site's own folder and none of the system",
  });

/** A path of a file on the machine Steward runs on, relative to steward.yml. */
export const localFile = z.string().min(1, 'the path of a file, relative to steward.yml');

/** An http or https address without credentials in it. */
export const httpUrl = z
  .string('an http:// or https:// address')
  .refine(isPlainHttpUrl, 'an http:// or https:// address without credentials');

/** An account or group name on a host. */
export const accountName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}\$?$/i, 'the name of an account on the host');

const LISTEN_ADDRESS = 'host:port, such as 127.0.0.1:9840';

/** A network address to listen on, `host:port`. */
export const listenAddress = z
  .string(LISTEN_ADDRESS)
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, LISTEN_ADDRESS)
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, { error: 'a port up to 65535' });

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/**
 * A mapping from ids to entries. What is read has no prototype, so that a look-up of `constructor`, which is a good id,
 * finds nothing where nothing of that name was written.
 */
export function entriesById<Entry extends z.ZodType>(entry: Entry) {
  return z.record(id, entry).transform(withoutPrototype);
}

/** Copies a record into one that inherits nothing. */
export function withoutPrototype<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, record);
}
