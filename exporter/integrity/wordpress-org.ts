import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fetchJson } from '../clients/fetch-json.ts';
import { CollectorError } from '../collector-error.ts';
import type { StateFile } from '../state/state-file.ts';
import type { Checksums } from './compare-checksums.ts';

/** Where wordpress.org is asked. */
export interface WordPressOrgAddresses {
  /** The API that knows the checksums of WordPress itself. */
  readonly api_url: string;
  /** The server that has those of plugins. */
  readonly downloads_url: string;
}

/** The checksums that wordpress.org publishes. */
export interface WordPressOrg {
  /** Those of WordPress itself; undefined where wordpress.org does not know the version. Rejects with a CollectorError. */
  core(version: string, locale: string, signal: AbortSignal): Promise<Checksums | undefined>;
  /** Those of a plugin of its directory; undefined where it is not there. Rejects with a CollectorError. */
  plugin(slug: string, version: string, signal: AbortSignal): Promise<Checksums | undefined>;
}

/** What is kept of an answer. */
export const keptChecksumsSchema = z.object({
  askedAtMs: z.number(),
  /** Null where wordpress.org does not know it. */
  checksums: z.array(z.tuple([z.string(), z.array(z.string())])).nullable(),
});

/** An answer of wordpress.org on the disk. */
export type KeptChecksums = z.output<typeof keptChecksumsSchema>;

const TIMEOUT_MS = 30_000;
/** A plugin may come into the directory, and a version is known some minutes after its release. */
const UNKNOWN_FOR_MS = 24 * 60 * 60 * 1000;

const md5 = z.string().regex(/^[0-9a-f]{32}$/i);
/** https://codex.wordpress.org/WordPress.org_API#Checksum: false for a version that it does not know. */
const coreAnswer = z.object({ checksums: z.union([z.record(z.string(), md5), z.literal(false)]) });
/** https://meta.trac.wordpress.org/ticket/3192: a file that was changed in its release has several. */
const pluginAnswer = z.object({
  files: z.record(z.string(), z.object({ md5: z.union([md5, z.array(md5)]) })),
});

/**
 * Asks wordpress.org, and keeps what it says: what a release consists of does not change. Those who ask for the same at once share one
 * request. `fileOf` gives the place of an answer by its name.
 */
export function createWordPressOrg(
  addresses: () => WordPressOrgAddresses,
  fileOf: (name: string) => StateFile<KeptChecksums>,
  now: () => number = Date.now,
): WordPressOrg {
  const underWay = new Map<string, Promise<Checksums | undefined>>();

  async function known(
    url: URL,
    read: (body: unknown) => Checksums | undefined,
  ): Promise<Checksums | undefined> {
    const file = fileOf(`${createHash('sha256').update(url.href).digest('hex')}.json`);
    const kept = await file.load();
    if (kept !== undefined && (kept.checksums !== null || now() - kept.askedAtMs < UNKNOWN_FOR_MS))
      return kept.checksums === null ? undefined : new Map(kept.checksums);
    const checksums = await ask(url, read);
    await file.save({
      askedAtMs: now(),
      checksums: checksums === undefined ? null : [...checksums].map(([path, hashes]) => [path, [...hashes]]),
    });
    return checksums;
  }

  /** Whoever shares a request cannot end it, so it has a time of its own. */
  function shared(url: URL, read: (body: unknown) => Checksums | undefined): Promise<Checksums | undefined> {
    const asked =
      underWay.get(url.href) ??
      known(url, read).finally(() => {
        underWay.delete(url.href);
      });
    underWay.set(url.href, asked);
    return asked;
  }

  return {
    core(version, locale, signal) {
      const url = new URL('core/checksums/1.0/', withSlash(addresses().api_url));
      url.search = new URLSearchParams({ version, locale }).toString();
      return untilAborted(shared(url, coreChecksums), signal);
    },
    plugin(slug, version, signal) {
      const path = `plugin-checksums/${encodeURIComponent(slug)}/${encodeURIComponent(version)}.json`;
      return untilAborted(
        shared(new URL(path, withSlash(addresses().downloads_url)), pluginChecksums),
        signal,
      );
    },
  };
}

async function ask(url: URL, read: (body: unknown) => Checksums | undefined): Promise<Checksums | undefined> {
  const { status, body } = await fetchJson(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (status === 404) return undefined;
  if (status !== 200) throw new CollectorError('bad_answer', `${url.host} answered with status ${status}`);
  return read(body);
}

function coreChecksums(body: unknown): Checksums | undefined {
  const { checksums } = checked(coreAnswer, body);
  return checksums === false
    ? undefined
    : new Map(Object.entries(checksums).map(([path, hash]) => [path, [hash]]));
}

function pluginChecksums(body: unknown): Checksums {
  const { files } = checked(pluginAnswer, body);
  return new Map(Object.entries(files).map(([path, { md5: hashes }]) => [path, [hashes].flat()]));
}

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CollectorError('bad_answer', 'what wordpress.org answered is no list of checksums');
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new CollectorError('timeout', 'wordpress.org has not answered in time'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
