import { callVerb } from '../../hosts/call-verb.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import type { SiteTarget } from '../targets/target.ts';
import { readRecords, restOf } from './nul-records.ts';

/** The MD5 of files, or what they are in place of files that have one, by path. */
export type Hashes = ReadonlyMap<string, string>;

/** A plugin, as its folder or its one file says. */
export interface HashedPlugin {
  /** Empty where no file has the headers of a plugin. */
  readonly version: string;
  /** Its files, by path below its folder, or its one file. */
  readonly files: Hashes;
  /** Whether it is just one file among the folders of the others. */
  readonly isSingleFile: boolean;
}

/** WordPress itself and its plugins on a host. */
export interface SiteHashes {
  readonly version: string;
  readonly locale: string;
  /** The files of WordPress itself, by path below the site's folder; of the folder itself all files. */
  readonly core: Hashes;
  /** By the name of the plugin's folder, or of its file without `.php`. */
  readonly plugins: ReadonlyMap<string, HashedPlugin>;
}

const TIMEOUT_SECONDS = 310;
/** About 100 bytes a file: a site with 300,000 of them. */
const LIMIT_BYTES = 32 * 1024 * 1024;

/** Asks a site by the verb `site-hashes`. Rejects with a CollectorError. */
export async function askSiteHashes(target: SiteTarget, signal: AbortSignal): Promise<SiteHashes> {
  const outcome = await callVerb(target.host, {
    verb: 'site-hashes',
    slots: [target.id],
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: LIMIT_BYTES,
    signal,
  });
  return parseSiteHashes(printedBy(outcome));
}

/** Reads what the verb prints. Rejects with a CollectorError where it is not that. */
async function parseSiteHashes(output: Buffer): Promise<SiteHashes> {
  const found: Partial<Pick<SiteHashes, 'version' | 'locale'>>[] = [];
  const core = new Map<string, string>();
  const plugins = new Map<string, HashedPlugin & { readonly files: Map<string, string> }>();
  for await (const [kind, first = '', ...rest] of readRecords(output)) {
    if (kind === 'core') found.push({ version: first, locale: restOf(rest, 0) });
    else if (kind === 'core-file') core.set(restOf(rest, 0), first);
    else if (kind === 'plugin')
      plugins.set(restOf(rest, 0), { version: first, files: new Map(), isSingleFile: false });
    else if (kind === 'single-file-plugin')
      plugins.set(restOf(rest, 0).replace(/\.php$/, ''), {
        version: first,
        files: new Map(),
        isSingleFile: true,
      });
    else if (kind === 'plugin-file') addPluginFile(plugins, restOf(rest, 0), first);
    else if (kind !== 'end') throw new CollectorError('bad_answer', `not a record: ${kind.slice(0, 80)}`);
  }
  const [{ version, locale } = {}] = found;
  if (version === undefined || locale === undefined)
    throw new CollectorError('bad_answer', 'the list of files has no version');
  return { version, locale, core, plugins };
}

function addPluginFile(
  plugins: ReadonlyMap<string, { files: Map<string, string> }>,
  path: string,
  hash: string,
) {
  const slash = path.indexOf('/');
  const slug = slash === -1 ? path.replace(/\.php$/, '') : path.slice(0, slash);
  plugins.get(slug)?.files.set(slash === -1 ? path : path.slice(slash + 1), hash);
}
