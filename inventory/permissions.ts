import type { PermissionProfile } from './schema/site.ts';

/** The bits that must not be set, and those that must be. */
export interface ModeMask {
  readonly forbidden: number;
  readonly required: number;
}

/** The masks of a site's profile, by what a path is. */
export interface PermissionMasks {
  readonly directory: ModeMask;
  readonly file: ModeMask;
  readonly config: ModeMask;
}

/** What can be wrong with a path. */
export const violations = [
  'owner',
  'group',
  'world_writable',
  'setuid',
  'mode_too_open',
  'not_writable',
] as const;
/** One thing that is wrong with a path. */
export type Violation = (typeof violations)[number];

/** The parts of a WordPress site whose permissions are counted apart. */
export const pathGroups = ['config', 'htaccess', 'uploads', 'plugins', 'themes', 'core'] as const;
/** A part of a WordPress site. */
export type PathGroup = (typeof pathGroups)[number];

/** The file whose mode is kept apart, since it holds the database's password. */
export const CONFIG_FILE = 'wp-config.php';

const SET_USER_ID = 0o4000;
const SET_GROUP_ID = 0o2000;
const WORLD_WRITE = 0o002;
const EXECUTE = 0o111;
const MODE = 0o777;

/**
 * What a profile forbids and requires. Files may be executable, since plugins carry scripts. A folder may have the set-group-id bit, which
 * many hosts use to keep the group. The owner's own bits of the profile are required; of wp-config.php just reading.
 */
export function permissionMasks(profile: PermissionProfile): PermissionMasks {
  return {
    directory: {
      forbidden: (MODE & ~profile.directories) | SET_USER_ID | WORLD_WRITE,
      required: profile.directories & 0o700,
    },
    file: {
      forbidden: (MODE & ~(profile.files | EXECUTE)) | SET_USER_ID | SET_GROUP_ID | WORLD_WRITE,
      required: profile.files & 0o600,
    },
    config: {
      forbidden: (MODE & ~profile.config) | SET_USER_ID | SET_GROUP_ID | WORLD_WRITE,
      required: profile.config & 0o400,
    },
  };
}

/** What is known of a path: what `find -printf '%m %u %g %y'` says, the path being relative to the site's folder. */
export interface PathEntry {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** GNU find's letter: f, d, l, or another for what is neither file, folder nor link. */
  readonly type: string;
}

/** Whom a site's files should belong to, and which modes they should have. */
export interface ExpectedPermissions {
  readonly owner: string;
  readonly group: string;
  readonly masks: PermissionMasks;
}

/** Says what is wrong with a path; nothing where it is as it should be. */
export function violationsOf(entry: PathEntry, expected: ExpectedPermissions): Violation[] {
  const found: Violation[] = [];
  if (entry.owner !== expected.owner) found.push('owner');
  if (entry.group !== expected.group) found.push('group');
  const mask = maskOf(entry, expected.masks);
  if (mask === undefined) return found;
  const tooMany = entry.mode & mask.forbidden;
  if ((tooMany & WORLD_WRITE) !== 0) found.push('world_writable');
  if ((tooMany & (SET_USER_ID | SET_GROUP_ID)) !== 0) found.push('setuid');
  if ((tooMany & MODE & ~WORLD_WRITE) !== 0) found.push('mode_too_open');
  if ((entry.mode & mask.required) !== mask.required) found.push('not_writable');
  return found;
}

/** Links have no mode of their own; sockets, pipes and devices are left to whoever made them. */
function maskOf({ type, path }: PathEntry, masks: PermissionMasks): ModeMask | undefined {
  if (type === 'd') return masks.directory;
  if (type !== 'f') return undefined;
  return path === CONFIG_FILE ? masks.config : masks.file;
}

/** Says which part of a site a path, relative to the site's folder, belongs to. */
export function pathGroupOf(path: string): PathGroup {
  if (path === CONFIG_FILE) return 'config';
  if (path === '.htaccess') return 'htaccess';
  const [content, part] = path.split('/', 2);
  if (content === 'wp-content' && (part === 'uploads' || part === 'plugins' || part === 'themes'))
    return part;
  return 'core';
}
