import { chmod, cp, lchown, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createChangesCollector } from '../../../exporter/collectors/changes.ts';
import { forgetBaseline } from '../../../exporter/integrity/baselines.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { brief } from '../../helpers/brief.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
const ENTRY = { host: 'web1', url: 'http://x/', owner: 'www-data' };
const state = () => join(folder.path, 'state');
const at = (path: string) => join(folder.path, 'site', path);

beforeAll(async () => {
  folder = await createTempFolder('steward-changes');
  await chmod(folder.path, 0o755);
  const site = JSON.stringify({ ...ENTRY, path: join(folder.path, 'site') });
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: `{ blog: ${site} }` });
  host = hardened.open('read');
}, 60_000);
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  await rm(join(folder.path, 'site'), { recursive: true, force: true });
  await rm(state(), { recursive: true, force: true });
  for (const path of [
    'wp-config.php',
    'wp-includes/post.php',
    'wp-content/plugins/acme/acme.php',
    'wp-content/plugins/acme/a.js',
    'wp-content/uploads/photo.jpg',
  ])
    await put(path, 'as it was');
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
}

const target = (of: Host = host): SiteTarget => ({
  id: 'blog',
  entry: siteSchema.parse({ ...ENTRY, path: join(folder.path, 'site') }),
  host: of,
});
/** A collector anew each time, as after a restart of the exporter. */
const read = async (nowMs = 5_000_000, of?: Host) =>
  brief(
    (await createChangesCollector(state, () => nowMs).background?.read(
      target(of),
      new AbortController().signal,
    )) ?? [],
  );
const changed = async () =>
  (await read()).filter((line) => /_changed_file/.test(line) && !line.endsWith(' 0'));
const permissionChanges = async () =>
  (await read()).filter(
    (line) => line.startsWith('wordpress_path_permission_changes_total') && !line.endsWith(' 0'),
  );

describe('changes', () => {
  test('are none at first sight, and the baseline is as old as that', async () => {
    const first = await read(1_000_000);
    expect(first.filter((line) => line.startsWith('wordpress_changed_files'))).toHaveLength(18);
    expect(
      first.every((line) => line.endsWith(' 0') || line.startsWith('wordpress_permission_baseline')),
    ).toBe(true);
    expect(first).toContain('wordpress_permission_baseline_timestamp_seconds 1000');
    expect(await read(9_000_000)).toContain('wordpress_permission_baseline_timestamp_seconds 1000');
  });

  test('are files that were added, changed or taken away, in names of every kind, until there is a new baseline', async () => {
    await read();
    await put('wp-includes/post.php', 'other');
    await put('wp-content/uploads/shell.php', 'x');
    await put('wp-content/plugins/acme/a\tb\nc.php', 'x');
    await put('__proto__/x.php', 'x');
    await rm(at('wp-content/plugins/acme/acme.php'));
    const expected = [
      'wordpress_changed_files uploads added 1',
      'wordpress_changed_files plugins added 1',
      'wordpress_changed_files plugins removed 1',
      'wordpress_changed_files core added 1',
      'wordpress_changed_files core changed 1',
      'wordpress_changed_file_info __proto__/x.php added 1',
      'wordpress_changed_file_info wp-content/plugins/acme/a\tb\nc.php added 1',
      'wordpress_changed_file_info wp-content/plugins/acme/acme.php removed 1',
      'wordpress_changed_file_info wp-content/uploads/shell.php added 1',
      'wordpress_changed_file_info wp-includes/post.php changed 1',
    ];
    expect(await changed()).toEqual(expected);
    expect(await changed()).toEqual(expected);
    await forgetBaseline(state(), 'blog');
    expect(await changed()).toEqual([]);
  });

  test('are seen by time, mode and owner alone', async () => {
    await read();
    await utimes(at('wp-config.php'), 1, 1);
    await chmod(at('wp-includes/post.php'), 0o600);
    await lchown(at('wp-content/plugins/acme/a.js'), 33, 33);
    expect((await changed()).filter((line) => line.includes('_files '))).toEqual([
      'wordpress_changed_files config changed 1',
      'wordpress_changed_files plugins changed 1',
      'wordpress_changed_files core changed 1',
    ]);
  });

  test('are not what WordPress writes while it works, and no pictures', async () => {
    await read();
    await put('wp-content/cache/page.php', 'x');
    await put('wp-content/upgrade/x.php', 'x');
    await put('wp-content/uploads/photo.jpg', 'another');
    await put('wp-content/uploads/a.js', 'x');
    expect(await changed()).toEqual([]);
  });

  test('of permissions are counted once each, over restarts', async () => {
    await read();
    await chmod(at('wp-config.php'), 0o666);
    await chmod(at('wp-content/uploads'), 0o777);
    const expected = [
      'wordpress_path_permission_changes_total config 1',
      'wordpress_path_permission_changes_total uploads 1',
    ];
    expect(await permissionChanges()).toEqual(expected);
    expect(await permissionChanges()).toEqual(expected);
    await chmod(at('wp-config.php'), 0o640);
    expect(await permissionChanges()).toContain('wordpress_path_permission_changes_total config 2');
  });

  test('links are counted by where they lead, and not followed', async () => {
    await symlink('/etc', at('wp-content/etc'));
    await symlink('../../../../../../../etc/passwd', at('wp-content/plugins/acme/x.php'));
    await symlink('../wp-includes', at('wp-content/inside'));
    await symlink(`${join(folder.path, 'site')}-beside`, at('beside'));
    const lines = await read();
    expect(lines).toContain('wordpress_links inside 1');
    expect(lines).toContain('wordpress_links outside 3');
  });

  test('begin anew with a baseline that is damaged, which is put aside', async () => {
    await read(1_000_000);
    await writeFile(join(state(), 'baseline-blog.json'), '{');
    expect(await read(2_000_000)).toContain('wordpress_permission_baseline_timestamp_seconds 2000');
    expect(await readFile(join(state(), 'baseline-blog.json.damaged'), 'utf8')).toBe('{');
  });

  test('are not shown while they cannot be saved, and are then counted once', async () => {
    await read();
    await chmod(at('wp-config.php'), 0o666);
    // A file in the place of the folder cannot be written into, not even by root.
    await rename(state(), `${state()}-kept`);
    await writeFile(state(), '');
    await expect(read()).rejects.toThrow(/EEXIST|ENOTDIR/);
    await rm(state());
    await cp(`${state()}-kept`, state(), { recursive: true });
    await rm(`${state()}-kept`, { recursive: true });
    expect(await permissionChanges()).toEqual(['wordpress_path_permission_changes_total config 1']);
  });

  test.each([
    ['nothing', ''],
    ['no end', 'f\t644\ta\ta\t1\t1.0\tx.php\0'],
    ['a link without its end', 'l\t777\ta\ta\t1\t1.0\tx\0end\0'],
    ['half a record', 'f\t644\0end\0'],
    ['a mode that is none', 'f\t-1\ta\ta\t1\t1.0\tx\0end\0'],
    ['something else', '<html>\0end\0'],
  ])('an answer with %s is a failure, and changes nothing', async (_what, text) => {
    await read(1_000_000);
    const run = (): Promise<Outcome> =>
      Promise.resolve({
        kind: 'succeeded',
        stdout: Buffer.from(text),
        stderr: Buffer.alloc(0),
        truncated: false,
      });
    await expect(read(1, { ...host, run })).rejects.toMatchObject({ reason: 'bad_answer' });
    expect(await changed()).toEqual([]);
  });
});
