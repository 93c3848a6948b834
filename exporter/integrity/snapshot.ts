import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { pathGroupOf, pathGroups, type PathGroup } from '../../inventory/permissions.ts';
import type { TreeEntry } from './site-tree.ts';

/** A site as it was at a time: what is watched of it, a line for each path. */
export const snapshotSchema = z.strictObject({
  takenAtMs: z.number(),
  /** Permissions, content and path, with tabs between them. */
  lines: z.array(z.string()),
  /** Paths whose permissions changed since the site is watched, by part of the site. */
  permissionChanges: z.record(z.string(), z.number().nonnegative()),
});

/** A site as it was at a time. */
export type Snapshot = z.output<typeof snapshotSchema>;

/** What can become of a file. */
export const fileChanges = ['added', 'removed', 'changed'] as const;
/** What became of a file. */
export interface FileChange {
  readonly change: (typeof fileChanges)[number];
  readonly path: string;
}

const PROGRAM = /\.(?:php\d?|phtml|pht|phar|phps)$/i;
const SCRIPT = /\.(?:m?js|html?|inc|ini)$/i;
const SETTINGS = /(?:^|\/)(?:\.htaccess|\.user\.ini)$/;
/** What WordPress and its plugins write while they work. */
const SCRATCH = /^wp-content\/(?:cache|upgrade|upgrade-temp-backup|wflogs)\//;
const LINES_PER_TURN = 5000;

/** Whether a path is watched: programs and settings everywhere, scripts outside uploads, and folders for their permissions. */
export function isWatched({ type, path }: TreeEntry): boolean {
  if (SCRATCH.test(path)) return false;
  if (type === 'd') return true;
  if (type !== 'f') return false;
  return PROGRAM.test(path) || SETTINGS.test(path) || (SCRIPT.test(path) && pathGroupOf(path) !== 'uploads');
}

/** The line that stands for a path. A folder's content changes with each file in it, and is left out. */
export function lineOf({ type, permissions, content, path }: TreeEntry): string {
  return `${permissions}\t${type === 'd' ? '' : content}\t${path}`;
}

/** Says which files are not as they were. Gives other work its turn in between. */
export async function fileChangesBetween(before: Snapshot, after: Snapshot): Promise<FileChange[]> {
  const old = await byPath(before.lines);
  const changes: FileChange[] = [];
  for (const [path, { content, permissions }] of await byPath(after.lines)) {
    const known = old.get(path);
    old.delete(path);
    if (content === '') continue;
    if (known === undefined) changes.push({ change: 'added', path });
    else if (known.content !== content || known.permissions !== permissions)
      changes.push({ change: 'changed', path });
  }
  for (const [path, { content }] of old) if (content !== '') changes.push({ change: 'removed', path });
  return changes;
}

/** Adds the paths whose permissions are other than they were to what was counted before. */
export async function countPermissionChanges(
  before: Snapshot,
  lines: readonly string[],
): Promise<Record<PathGroup, number>> {
  const counts = Object.fromEntries(
    pathGroups.map((group) => [group, before.permissionChanges[group] ?? 0]),
  ) as Record<PathGroup, number>;
  const old = await byPath(before.lines);
  for (const [path, { permissions }] of await byPath(lines)) {
    const known = old.get(path);
    if (known !== undefined && known.permissions !== permissions) counts[pathGroupOf(path)] += 1;
  }
  return counts;
}

async function byPath(
  lines: readonly string[],
): Promise<Map<string, { readonly permissions: string; readonly content: string }>> {
  const found = new Map<string, { readonly permissions: string; readonly content: string }>();
  for (const [index, line] of lines.entries()) {
    const first = line.indexOf('\t');
    const second = line.indexOf('\t', first + 1);
    found.set(line.slice(second + 1), {
      permissions: line.slice(0, first),
      content: line.slice(first + 1, second),
    });
    if (index % LINES_PER_TURN === LINES_PER_TURN - 1) await setImmediate();
  }
  return found;
}
