import { callVerb } from '../../hosts/call-verb.ts';
import {
  pathGroupOf,
  permissionMasks,
  violations,
  violationsOf,
  type PathGroup,
  type Violation,
} from '../../inventory/permissions.ts';
import type { Collector } from '../collector.ts';
import { printedBy } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';
import { readPathEntries } from './path-entries.ts';

const violationCount = gauge(
  'wordpress_path_permission_violations',
  'Violations of the permission profile in steward.yml; a path may have several. scope="sentinels" is up to 100 important paths, read ' +
    'at each scrape; scope="tree" is all of the site, read in the background about every 15 minutes.',
  ['violation', 'scope'],
);
const violationCountByGroup = gauge(
  'wordpress_path_group_permission_violations',
  'The same by the kind of path that violates it; only what is wrong is shown.',
  ['path_group', 'violation', 'scope'],
);
const pathCount = gauge('wordpress_permission_paths', 'Number of paths that were looked at.', ['scope']);

type Scope = 'sentinels' | 'tree';

/** How many paths were looked at, and what is wrong with them. */
interface PermissionCounts {
  readonly paths: number;
  readonly violations: ReadonlyMap<Violation, ReadonlyMap<PathGroup, number>>;
}

const TREE_INTERVAL_MS = 15 * 60 * 1000;
const SENTINELS_TIMEOUT_SECONDS = 10;
const TREE_TIMEOUT_SECONDS = 120;
/** About 100 bytes a path: a site of some 600,000 files. */
const TREE_LIMIT_BYTES = 64 * 1024 * 1024;

/** Whether owner, group and mode of a site's paths are as steward.yml says. */
export const permissions: Collector<SiteTarget> = {
  name: 'permissions',
  metrics: [violationCount, violationCountByGroup, pathCount],
  collect: async (target, signal) => samplesOf('sentinels', await readSentinels(target, signal)),
  background: {
    intervalMs: TREE_INTERVAL_MS,
    metrics: [violationCount, violationCountByGroup],
    read: async (target, signal) => samplesOf('tree', await readTree(target, signal)),
  },
};

async function readSentinels(target: SiteTarget, signal: AbortSignal): Promise<PermissionCounts> {
  const outcome = await callVerb(target.host, {
    verb: 'site-sentinels',
    slots: [target.id],
    timeoutSeconds: SENTINELS_TIMEOUT_SECONDS,
    signal,
  });
  return countViolations(target, printedBy(outcome));
}

async function readTree(target: SiteTarget, signal: AbortSignal): Promise<PermissionCounts> {
  const outcome = await callVerb(target.host, {
    verb: 'site-permissions',
    slots: [target.id],
    timeoutSeconds: TREE_TIMEOUT_SECONDS,
    outputLimitBytes: TREE_LIMIT_BYTES,
    signal,
  });
  return countViolations(target, printedBy(outcome));
}

async function countViolations({ entry }: SiteTarget, output: Buffer): Promise<PermissionCounts> {
  const expected = {
    owner: entry.owner,
    group: entry.group ?? entry.owner,
    masks: permissionMasks(entry.permissions),
  };
  const counts = new Map(violations.map((violation) => [violation, new Map<PathGroup, number>()]));
  let paths = 0;
  for await (const path of readPathEntries(output)) {
    paths += 1;
    for (const violation of violationsOf(path, expected)) {
      const byGroup = counts.get(violation);
      const group = pathGroupOf(path.path);
      byGroup?.set(group, (byGroup.get(group) ?? 0) + 1);
    }
  }
  return { paths, violations: counts };
}

function samplesOf(scope: Scope, counts: PermissionCounts): Sample[] {
  return [
    sample(pathCount, counts.paths, { scope }),
    ...[...counts.violations].flatMap(([violation, byGroup]) => [
      sample(
        violationCount,
        byGroup.values().reduce((sum, count) => sum + count, 0),
        { violation, scope },
      ),
      ...[...byGroup].map(([path_group, count]) =>
        sample(violationCountByGroup, count, { path_group, violation, scope }),
      ),
    ]),
  ];
}
