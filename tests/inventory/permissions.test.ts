import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathGroupOf, permissionMasks, violationsOf, type PathEntry } from '../../inventory/permissions.ts';

const masks = permissionMasks({ directories: 0o755, files: 0o644, config: 0o640 });
const expected = { owner: 'www-data', group: 'www-data', masks };
const file = (mode: number, changes: Partial<PathEntry> = {}): PathEntry => ({
  path: 'index.php',
  mode,
  owner: 'www-data',
  group: 'www-data',
  type: 'f',
  ...changes,
});

describe('violationsOf', () => {
  test.each<[rule: string, entry: PathEntry, violations: string[]]>([
    ['a file of the profile is fine', file(0o644), []],
    ['a stricter file is fine', file(0o600), []],
    ['a script may be executable', file(0o755), []],
    ['a file that all may write', file(0o666), ['world_writable', 'mode_too_open']],
    ['a file that its group may write', file(0o664), ['mode_too_open']],
    ['a file that its owner cannot write', file(0o444), ['not_writable']],
    ['a set-user-id file', file(0o4755), ['setuid']],
    ['a set-group-id file', file(0o2755), ['setuid']],
    ['a folder may keep its group', file(0o2755, { type: 'd' }), []],
    ['a folder that all may write', file(0o777, { type: 'd' }), ['world_writable', 'mode_too_open']],
    ['a folder that its owner cannot enter', file(0o655, { type: 'd' }), ['not_writable']],
    ['wp-config.php that all may read', file(0o644, { path: 'wp-config.php' }), ['mode_too_open']],
    ['wp-config.php that nobody may write is fine', file(0o440, { path: 'wp-config.php' }), []],
    ['wp-config.php of a plugin is an ordinary file', file(0o644, { path: 'a/wp-config.php' }), []],
    ['a file of another owner and group', file(0o644, { owner: 'root', group: 'root' }), ['owner', 'group']],
    ['a link has no mode of its own', file(0o777, { type: 'l' }), []],
    ['a link of another owner', file(0o777, { type: 'l', owner: 'root' }), ['owner']],
    ['a socket has any mode', file(0o777, { type: 's' }), []],
  ])('%s', (_rule, entry, violations) => {
    expect(violationsOf(entry, expected)).toEqual(violations);
  });

  test('taking the forbidden bits away and adding the required ones leaves nothing to mend', () => {
    const mode = fc.integer({ min: 0, max: 0o7777 });
    fc.assert(
      fc.property(
        mode,
        fc.constantFrom('f', 'd'),
        fc.constantFrom('index.php', 'wp-config.php'),
        (bits, type, path) => {
          const mask = type === 'd' ? masks.directory : path === 'wp-config.php' ? masks.config : masks.file;
          const mended = (bits & ~mask.forbidden) | mask.required;
          expect(violationsOf(file(mended, { type, path }), expected)).toEqual([]);
        },
      ),
    );
  });
});

test.each([
  ['wp-config.php', 'config'],
  ['.htaccess', 'htaccess'],
  ['wp-content/uploads', 'uploads'],
  ['wp-content/uploads/2026/a.jpg', 'uploads'],
  ['wp-content/plugins/akismet/akismet.php', 'plugins'],
  ['wp-content/themes/x', 'themes'],
  ['wp-content/uploads-old/x', 'core'],
  ['', 'core'],
])('%j belongs to %s', (path, group) => {
  expect(pathGroupOf(path)).toBe(group);
});
