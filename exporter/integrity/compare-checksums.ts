import type { HashedPlugin, Hashes } from './site-hashes.ts';

/** The MD5s that a file may have, by path. */
export type Checksums = ReadonlyMap<string, readonly string[]>;

/** What can be wrong with a file. */
export const checksumResults = ['modified', 'missing', 'extra'] as const;
/** One thing that can be wrong with a file. */
export type ChecksumResult = (typeof checksumResults)[number];

/** A file that is not as wordpress.org has it. */
export interface ChecksumFinding {
  readonly result: ChecksumResult;
  readonly path: string;
}

/** What operators take away, since it tells strangers the version: nothing is wrong where it is missing. */
const OFTEN_REMOVED = new Set(['readme.html', 'license.txt', 'wp-config-sample.php']);
/** Authors change these after a release, without a new one; wp-cli leaves them out, too. */
const SOFT_PLUGIN_FILE = /^(?:readme|changelog)\.(?:txt|md)$/i;

/**
 * Says which files of WordPress itself are not as wordpress.org has them. As in wp-cli's `core verify-checksums`, wp-content is left out, and
 * unknown files count in wp-admin, wp-includes and, where they begin with `wp-`, beside them.
 */
export function compareCore(actual: Hashes, expected: Checksums): ChecksumFinding[] {
  const ofCore = new Map([...expected].filter(([path]) => !path.startsWith('wp-content/')));
  const known = [...ofCore].flatMap(([path, hashes]) =>
    actual.has(path) || !OFTEN_REMOVED.has(path) ? differenceOf(path, actual.get(path), hashes) : [],
  );
  const unknown = [...actual.keys()].filter((path) => !expected.has(path) && isPlaceOfCore(path));
  return [...known, ...unknown.map((path) => ({ result: 'extra', path }) as const)];
}

function isPlaceOfCore(path: string): boolean {
  return path.includes('/') || (path.startsWith('wp-') && path !== 'wp-config.php');
}

/** Says which files of a plugin are not as wordpress.org has them. A plugin of one file is compared in that alone. */
export function comparePlugin({ files, isSingleFile }: HashedPlugin, expected: Checksums): ChecksumFinding[] {
  const known = [...expected].filter(
    ([path]) => !SOFT_PLUGIN_FILE.test(path) && (!isSingleFile || files.has(path)),
  );
  const unknown = [...files.keys()].filter((path) => !expected.has(path) && !SOFT_PLUGIN_FILE.test(path));
  return [
    ...known.flatMap(([path, hashes]) => differenceOf(path, files.get(path), hashes)),
    ...unknown.map((path) => ({ result: 'extra', path }) as const),
  ];
}

function differenceOf(
  path: string,
  actual: string | undefined,
  expected: readonly string[],
): ChecksumFinding[] {
  if (actual === undefined) return [{ result: 'missing', path }];
  return expected.includes(actual) ? [] : [{ result: 'modified', path }];
}
