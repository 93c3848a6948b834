import { posix } from 'node:path';
import { pathGroupOf, pathGroups } from '../../inventory/permissions.ts';
import type { Collector } from '../collector.ts';
import { snapshotsOf } from '../integrity/baselines.ts';
import { readSiteTree, type TreeEntry } from '../integrity/site-tree.ts';
import {
  countPermissionChanges,
  fileChanges,
  fileChangesBetween,
  isWatched,
  lineOf,
  type FileChange,
  type Snapshot,
} from '../integrity/snapshot.ts';
import { counter, gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

const changedFiles = gauge(
  'wordpress_changed_files',
  'Programs, scripts and settings of the site that are not as in its baseline, by size, time, mode, owner and group; in uploads programs and ' +
    'settings alone, in folders of caches none. Looked at every hour.',
  ['path_group', 'change'],
);
const changedFileInfo = gauge(
  'wordpress_changed_file_info',
  'Always 1: one file that is not as in the baseline, by its path. The first 20 by path.',
  ['path', 'change'],
);
const baselineTime = gauge(
  'wordpress_permission_baseline_timestamp_seconds',
  'When the baseline of the site was taken: at first sight, or when `steward exporter baseline` said so.',
);
const permissionChanges = counter(
  'wordpress_path_permission_changes_total',
  'Programs, scripts, settings and folders whose mode, owner or group changed from one hour to the next. Counted over restarts.',
  ['path_group'],
);
const links = gauge(
  'wordpress_links',
  'Symbolic links in the site by where they lead, as they are written: target="outside" or "inside" of its folder. Looked at every hour.',
  ['target'],
);

const INTERVAL_MS = 60 * 60 * 1000;
const NAMED_FILES = 20;
const metrics = [changedFiles, changedFileInfo, baselineTime, permissionChanges, links];

/** What changed in a site since its baseline was taken. */
export function createChangesCollector(
  stateFolder: () => string,
  now: () => number = Date.now,
): Collector<SiteTarget> {
  return {
    name: 'changes',
    metrics,
    background: {
      intervalMs: INTERVAL_MS,
      metrics,
      async read(target, signal) {
        const { baseline, last } = snapshotsOf(stateFolder(), target.id);
        const takenAtMs = now();
        const { lines, linkCounts } = await look(target, signal);
        const before = await last.load();
        const none = { takenAtMs, lines, permissionChanges: {} };
        const current = {
          takenAtMs,
          lines,
          permissionChanges: await countPermissionChanges(before ?? none, lines),
        };
        // What is not saved would be counted again after a restart, so it is not shown either.
        await last.save(current);
        const kept = await baseline.load();
        if (kept === undefined) await baseline.save(current);
        const changes = await fileChangesBetween(kept ?? current, current);
        return [...changeSamples(kept ?? current, current, changes), ...linkSamples(linkCounts)];
      },
    },
  };
}

type LinkCounts = Readonly<Record<'inside' | 'outside', number>>;

async function look(
  target: SiteTarget,
  signal: AbortSignal,
): Promise<{ lines: string[]; linkCounts: LinkCounts }> {
  const lines: string[] = [];
  const linkCounts = { inside: 0, outside: 0 };
  for await (const entry of readSiteTree(target, signal)) {
    if (entry.linkTarget !== undefined) linkCounts[placeOf(entry, entry.linkTarget, target.entry.path)] += 1;
    else if (isWatched(entry)) lines.push(lineOf(entry));
  }
  return { lines, linkCounts };
}

function placeOf({ path }: TreeEntry, linkTarget: string, sitePath: string): 'inside' | 'outside' {
  const leadsTo = posix.resolve(sitePath, posix.dirname(path), linkTarget);
  return leadsTo === sitePath || leadsTo.startsWith(`${sitePath}/`) ? 'inside' : 'outside';
}

function changeSamples(baseline: Snapshot, current: Snapshot, changes: readonly FileChange[]): Sample[] {
  const counts = new Map<string, number>();
  for (const { change, path } of changes) {
    const key = `${pathGroupOf(path)} ${change}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const named = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, NAMED_FILES);
  return [
    ...pathGroups.flatMap((path_group) =>
      fileChanges.map((change) =>
        sample(changedFiles, counts.get(`${path_group} ${change}`) ?? 0, { path_group, change }),
      ),
    ),
    ...named.map(({ path, change }) => sample(changedFileInfo, 1, { path, change })),
    sample(baselineTime, baseline.takenAtMs / 1000),
    ...pathGroups.map((path_group) =>
      sample(permissionChanges, current.permissionChanges[path_group] ?? 0, { path_group }),
    ),
  ];
}

function linkSamples(counts: LinkCounts): Sample[] {
  return (['inside', 'outside'] as const).map((target) => sample(links, counts[target], { target }));
}
