import { callVerb } from '../../hosts/call-verb.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import type { SiteTarget } from '../targets/target.ts';
import { readRecords, restOf } from './nul-records.ts';

/** A path of a site, as find tells of it. */
export interface TreeEntry {
  /** GNU find's letter: f, d, l, or another for what is neither file, folder nor link. */
  readonly type: string;
  /** Mode, owner and group. */
  readonly permissions: string;
  /** Size in bytes and time of the last change: what says whether a file is still the same. */
  readonly content: string;
  /** Below the site's folder. */
  readonly path: string;
  /** Where a link leads, as it is written. */
  readonly linkTarget?: string;
}

const TIMEOUT_SECONDS = 120;
/** About 130 bytes a path: a site of some 500,000. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** Reads everything below a site's folder by the verb `site-tree`. Throws a CollectorError where that is not to be had whole. */
export async function* readSiteTree(target: SiteTarget, signal: AbortSignal): AsyncGenerator<TreeEntry> {
  const outcome = await callVerb(target.host, {
    verb: 'site-tree',
    slots: [target.id],
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: LIMIT_BYTES,
    signal,
  });
  let link: TreeEntry | undefined;
  for await (const [kind, ...fields] of readRecords(printedBy(outcome))) {
    if (link !== undefined) {
      if (kind !== 'to') throw new CollectorError('bad_answer', 'a link leads nowhere');
      yield { ...link, linkTarget: restOf(fields, 0) };
      link = undefined;
    } else if (kind !== 'end') {
      const entry = entryOf(kind, fields);
      if (kind === 'l') link = entry;
      else yield entry;
    }
  }
}

function entryOf(
  type: string,
  [mode = '', owner = '', group = '', size = '', time = '', ...path]: string[],
): TreeEntry {
  if (!/^[a-zA-Z?]$/.test(type) || !/^[0-7]{1,4}$/.test(mode) || !/^\d+$/.test(size) || path.length === 0)
    throw new CollectorError('bad_answer', `not a record of a path: ${type.slice(0, 80)}`);
  return {
    type,
    permissions: `${mode} ${owner} ${group}`,
    content: `${size} ${time}`,
    path: restOf(path, 0),
  };
}
