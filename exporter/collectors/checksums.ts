import { CollectorError } from '../collector-error.ts';
import type { Collector } from '../collector.ts';
import {
  checksumResults,
  compareCore,
  comparePlugin,
  type ChecksumFinding,
} from '../integrity/compare-checksums.ts';
import { askSiteHashes, type HashedPlugin, type SiteHashes } from '../integrity/site-hashes.ts';
import type { WordPressOrg } from '../integrity/wordpress-org.ts';
import { gauge, sample, type MetricDescriptor, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

const SIX_HOURS = 'Looked at every 6 hours.';

const coreFiles = gauge(
  'wordpress_core_checksum_files',
  'Files of WordPress itself that are not as wordpress.org has them, without wp-content; unknown files count in wp-admin and wp-includes, and ' +
    `as wp-*.php beside them. No series for a version that wordpress.org does not know. ${SIX_HOURS}`,
  ['result'],
);
const pluginFiles = gauge(
  'wordpress_extension_checksum_files',
  'Files of plugins that are not as wordpress.org has them, but for their readme and changelog: of the 20 plugins with the most, the others as ' +
    `slug="other", which is always there. ${SIX_HOURS}`,
  ['slug', 'result'],
);
const verified = gauge(
  'wordpress_extensions_verified',
  `Plugins that wordpress.org has checksums of. ${SIX_HOURS}`,
);
const unverifiable = gauge(
  'wordpress_extensions_unverifiable',
  'Plugins that cannot be compared: those that are not from the directory of wordpress.org, and folders without a file that has the headers of ' +
    `a plugin. ${SIX_HOURS}`,
);
const findingInfo = gauge(
  'wordpress_checksum_file_info',
  'Always 1: one file that is not as wordpress.org has it, by its path below the site or the folder of plugins. The first 20 by path.',
  ['path', 'result'],
);

const INTERVAL_MS = 6 * 60 * 60 * 1000;
const NAMED_PLUGINS = 20;
const NAMED_FILES = 20;

const metrics: readonly MetricDescriptor[] = [coreFiles, pluginFiles, verified, unverifiable, findingInfo];

/** Whether the files of WordPress and of its plugins are those that wordpress.org published. */
export function createChecksumsCollector(wordPressOrg: WordPressOrg): Collector<SiteTarget> {
  return {
    name: 'checksums',
    metrics,
    background: {
      intervalMs: INTERVAL_MS,
      metrics,
      async read(target, signal) {
        const hashes = await askSiteHashes(target, signal);
        const core = await coreFindings(wordPressOrg, hashes, signal);
        const plugins = await pluginFindings(wordPressOrg, hashes, signal);
        return checksumSamples(core, plugins);
      },
    },
  };
}

/** What was found in one plugin; undefined where it cannot be compared. */
type PluginFindings = ReadonlyMap<string, readonly ChecksumFinding[] | undefined>;

async function coreFindings(
  wordPressOrg: WordPressOrg,
  { version, locale, core }: SiteHashes,
  signal: AbortSignal,
): Promise<readonly ChecksumFinding[] | undefined> {
  const expected = await wordPressOrg.core(version, locale, signal);
  return expected && compareCore(core, expected);
}

async function pluginFindings(
  wordPressOrg: WordPressOrg,
  { plugins }: SiteHashes,
  signal: AbortSignal,
): Promise<PluginFindings> {
  const found = new Map<string, readonly ChecksumFinding[] | undefined>();
  for (const [slug, plugin] of plugins) found.set(slug, await findingsOf(wordPressOrg, slug, plugin, signal));
  return found;
}

async function findingsOf(
  wordPressOrg: WordPressOrg,
  slug: string,
  plugin: HashedPlugin,
  signal: AbortSignal,
): Promise<readonly ChecksumFinding[] | undefined> {
  if (plugin.version === '') return undefined;
  try {
    const expected = await wordPressOrg.plugin(directorySlug(slug, plugin), plugin.version, signal);
    return expected && comparePlugin(plugin, expected);
  } catch (error) {
    // What is said of one plugin is no list: the others still count.
    if (error instanceof CollectorError && error.reason === 'bad_answer') return undefined;
    throw error;
  }
}

/** WordPress brings this plugin as a file that is not named as the directory names it. */
function directorySlug(slug: string, { isSingleFile }: HashedPlugin): string {
  return isSingleFile && slug === 'hello' ? 'hello-dolly' : slug;
}

function checksumSamples(core: readonly ChecksumFinding[] | undefined, plugins: PluginFindings): Sample[] {
  const compared = [...plugins].flatMap(([slug, findings]) =>
    findings === undefined ? [] : [{ slug, findings }],
  );
  const wrong = compared
    .filter(({ findings }) => findings.length > 0)
    .sort((a, b) => b.findings.length - a.findings.length || (a.slug < b.slug ? -1 : 1));
  const others = wrong.slice(NAMED_PLUGINS).flatMap(({ findings }) => findings);
  const named = [...wrong.slice(0, NAMED_PLUGINS), { slug: 'other', findings: others }];
  return [
    ...(core === undefined
      ? []
      : checksumResults.map((result) => sample(coreFiles, countOf(core, result), { result }))),
    ...named.flatMap(({ slug, findings }) =>
      checksumResults.map((result) => sample(pluginFiles, countOf(findings, result), { slug, result })),
    ),
    sample(verified, compared.length),
    sample(unverifiable, plugins.size - compared.length),
    ...namedFiles(core ?? [], wrong),
  ];
}

function countOf(findings: readonly ChecksumFinding[], result: ChecksumFinding['result']): number {
  return findings.filter((finding) => finding.result === result).length;
}

function namedFiles(
  core: readonly ChecksumFinding[],
  plugins: readonly { readonly slug: string; readonly findings: readonly ChecksumFinding[] }[],
): Sample[] {
  const all = [
    ...core,
    ...plugins.flatMap(({ slug, findings }) =>
      findings.map(({ path, result }) => ({ path: `${slug}/${path}`, result })),
    ),
  ];
  return all
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, NAMED_FILES)
    .map(({ path, result }) => sample(findingInfo, 1, { path, result }));
}
