import { appendFile, chown, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createChecksumsCollector } from '../../../exporter/collectors/checksums.ts';
import { createWordPressOrg, keptChecksumsSchema } from '../../../exporter/integrity/wordpress-org.ts';
import { openStateFile } from '../../../exporter/state/state-file.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { copyWordPress } from '../../../lab/site/wordpress-files.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { brief } from '../../helpers/brief.ts';
import {
  checksumsOf,
  startWordPressOrgDouble,
  type WordPressOrgDouble,
} from '../../../lab/site/wordpress-org-double.ts';

const ENTRY = { host: 'web1', url: 'http://x/', owner: 'www-data' };
let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let org: WordPressOrgDouble;
let version: string;
let sitePath: string;
let pristine: string;

beforeAll(async () => {
  folder = await createTempFolder('steward-checksums');
  await runCommand(['chmod', '755', folder.path]);
  pristine = join(folder.path, 'pristine');
  sitePath = join(folder.path, 'site');
  await copyWordPress(pristine);
  await writePlugin('acme-shop', '2.1.0', {
    'acme-shop.php': 'echo 1;',
    'lib/cart.php': 'echo 2;',
    'readme.txt': 'x',
  });
  const moved = join(folder.path, 'moved');
  await mkdir(moved);
  await writeFile(
    join(moved, 'wp-config.php'),
    "<?php define( 'WP_CONTENT_DIR', dirname(__FILE__) . '/content' );\n",
  );
  await cp(join(pristine, 'wp-includes'), join(moved, 'wp-includes'), { recursive: true });
  await cp(join(pristine, 'wp-content/plugins'), join(moved, 'content/plugins'), { recursive: true });
  const computed = join(folder.path, 'computed');
  await mkdir(computed);
  await writeFile(join(computed, 'wp-config.php'), "<?php define('WP_PLUGIN_DIR', getenv('X'));\n");
  await mkdir(join(folder.path, 'empty'));
  org = await startWordPressOrgDouble();
  const site = (id: string) => `${id}: ${JSON.stringify({ ...ENTRY, path: join(folder.path, id) })}`;
  const sites = ['site', 'moved', 'computed', 'empty'].map(site).join(', ');
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: `{ ${sites} }` });
  host = hardened.open('read');
  const text = await readFile(join(pristine, 'wp-includes/version.php'), 'utf8');
  version = /wp_version = '([^']+)'/.exec(text)?.[1] ?? '';
}, 60_000);
afterAll(async () => {
  await org.stop();
  await host.close();
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  await rm(sitePath, { recursive: true, force: true });
  await cp(pristine, sitePath, { recursive: true });
  await runCommand(['chown', '-R', 'www-data:www-data', sitePath, join(folder.path, 'moved')]);
  await rm(join(folder.path, 'state'), { recursive: true, force: true });
  org.fault = undefined;
  org.asked.length = 0;
  org.answers.clear();
  // What Debian put beside WordPress is not in the list of wordpress.org.
  const published = await checksumsOf(pristine);
  delete published['.htaccess'];
  org.answers.set(`/core/checksums/1.0/?version=${version}&locale=en_US`, {
    checksums: { ...published, 'wp-content/themes/gone/style.css': '0'.repeat(32) },
  });
  org.answers.set('/plugin-checksums/acme-shop/2.1.0.json', {
    plugin: 'acme-shop',
    version: '2.1.0',
    files: Object.fromEntries(
      Object.entries(await checksumsOf(join(pristine, 'wp-content/plugins/acme-shop'))).map(([path, md5]) => [
        path,
        { md5: path === 'lib/cart.php' ? ['0'.repeat(32), md5] : md5, sha256: 'x' },
      ]),
    ),
  });
});

async function writePlugin(
  slug: string,
  pluginVersion: string,
  files: Record<string, string>,
): Promise<void> {
  for (const [name, code] of Object.entries(files)) {
    const file = join(pristine, 'wp-content/plugins', slug, name);
    await mkdir(join(file, '..'), { recursive: true });
    const header =
      name === `${slug}.php` ? `/*\n * Plugin Name: Acme\n * Version: ${pluginVersion}\n */\n` : '';
    await writeFile(file, `<?php\n${header}${code}\n`);
  }
}

function collector() {
  return createChecksumsCollector(
    createWordPressOrg(
      () => ({ api_url: org.url, downloads_url: org.url }),
      (name) => openStateFile(join(folder.path, 'state'), name, keptChecksumsSchema),
    ),
  );
}

const target = (id = 'site'): SiteTarget => ({
  id,
  entry: siteSchema.parse({ ...ENTRY, path: join(folder.path, id) }),
  host,
});
const read = async (id?: string, signal = new AbortController().signal) =>
  brief((await collector().background?.read(target(id), signal)) ?? []);

const CLEAN = [
  'wordpress_core_checksum_files modified 0',
  'wordpress_core_checksum_files missing 0',
  'wordpress_core_checksum_files extra 0',
  'wordpress_extension_checksum_files other modified 0',
  'wordpress_extension_checksum_files other missing 0',
  'wordpress_extension_checksum_files other extra 0',
];
const at = (path: string) => join(sitePath, path);

describe('checksums', () => {
  test('of a site as it was published are right, and plugins that the directory does not know are told apart', async () => {
    const unknown = (await read()).filter((line) => line.startsWith('wordpress_extensions_unverifiable'));
    expect(await read()).toEqual([...CLEAN, 'wordpress_extensions_verified 1', ...unknown]);
    expect(Number(unknown[0]?.split(' ')[1])).toBeGreaterThan(0);
  });

  test('find what was changed, taken away and added, in WordPress and in a plugin, with names of every kind', async () => {
    await appendFile(at('wp-includes/post.php'), '\neval($_POST[1]);');
    await rm(at('wp-admin/index.php'));
    await writeFile(at(`wp-includes/a\tb\nc.php`), 'x');
    await writeFile(Buffer.concat([Buffer.from(at('wp-admin/')), Buffer.from([0xff, 0xfe])]), 'x');
    await writeFile(at('wp-shell.php'), 'x');
    await rm(at('wp-settings.php'));
    await symlink(join(pristine, 'wp-settings.php'), at('wp-settings.php'));
    await writeFile(at('wp-content/plugins/acme-shop/lib/cart.php'), 'x');
    await writeFile(at('wp-content/plugins/acme-shop/.x.php'), 'x');
    const lines = await read();
    expect(lines.filter((line) => !line.startsWith('wordpress_extensions_'))).toEqual([
      'wordpress_core_checksum_files modified 2',
      'wordpress_core_checksum_files missing 1',
      'wordpress_core_checksum_files extra 3',
      'wordpress_extension_checksum_files acme-shop modified 1',
      'wordpress_extension_checksum_files acme-shop missing 0',
      'wordpress_extension_checksum_files acme-shop extra 1',
      'wordpress_extension_checksum_files other modified 0',
      'wordpress_extension_checksum_files other missing 0',
      'wordpress_extension_checksum_files other extra 0',
      'wordpress_checksum_file_info acme-shop/.x.php extra 1',
      'wordpress_checksum_file_info acme-shop/lib/cart.php modified 1',
      'wordpress_checksum_file_info wp-admin/index.php missing 1',
      'wordpress_checksum_file_info wp-admin/\u{fffd}\u{fffd} extra 1',
      'wordpress_checksum_file_info wp-includes/a\tb\nc.php extra 1',
      'wordpress_checksum_file_info wp-includes/post.php modified 1',
      'wordpress_checksum_file_info wp-settings.php modified 1',
      'wordpress_checksum_file_info wp-shell.php extra 1',
    ]);
  });

  test('leave alone what operators change: readme files, wp-config.php, what is beside WordPress, wp-content', async () => {
    await rm(at('readme.html'), { force: true });
    await writeFile(at('wp-config.php'), '<?php');
    await writeFile(at('phpinfo.php'), '<?php');
    await writeFile(at('.htaccess'), 'x');
    await writeFile(at('wp-content/plugins/acme-shop/readme.txt'), 'y');
    expect((await read()).filter((line) => !line.startsWith('wordpress_extensions_'))).toEqual(CLEAN);
  });

  test('are asked for once, and kept over a restart; what is unknown is asked for again a day later', async () => {
    await read();
    await read();
    expect(org.asked.filter((path) => path.includes('/core/'))).toHaveLength(1);
    expect(org.asked.filter((path) => path.includes('acme-shop'))).toHaveLength(1);
    const unknown = new Set(org.asked).size;
    const later = createWordPressOrg(
      () => ({ api_url: org.url, downloads_url: org.url }),
      (name) => openStateFile(join(folder.path, 'state'), name, keptChecksumsSchema),
      () => Date.now() + 25 * 60 * 60 * 1000,
    );
    await createChecksumsCollector(later).background?.read(target(), new AbortController().signal);
    expect(org.asked).toHaveLength(2 * unknown - 2);
  });

  test('of plugins are found where wp-content was moved to', async () => {
    org.answers.clear();
    const lines = await read('moved');
    expect(lines.filter((line) => line.startsWith('wordpress_core'))).toEqual([]);
    expect(lines).toContain('wordpress_extensions_verified 0');
    expect(org.asked.some((path) => path.startsWith('/plugin-checksums/acme-shop/'))).toBe(true);
  });

  test.each([
    ['computed', /computes WP_PLUGIN_DIR/],
    ['empty', /this is no WordPress/],
  ])('of the site %s cannot be had, and it says why', async (id, message) => {
    await expect(read(id)).rejects.toThrow(message);
  });

  test.each<[string, WordPressOrgDouble['fault'], string]>([
    ['HTML', (response) => response.end('<html>'), 'bad_answer'],
    ['another JSON', (response) => response.end('{"checksums": {"a": 5}}'), 'bad_answer'],
    ['an error', (response) => response.writeHead(503).end('{}'), 'bad_answer'],
    ['a reset', (response) => response.destroy(), 'unreachable'],
    ['100 MB', (response) => response.end(Buffer.alloc(100 * 1024 * 1024)), 'bad_answer'],
  ])('%s instead of checksums is a failure, and is not kept', async (_what, fault, reason) => {
    org.fault = fault;
    await expect(read()).rejects.toMatchObject({ reason });
    org.fault = undefined;
    expect((await read()).slice(0, CLEAN.length)).toEqual(CLEAN);
  });

  test('wordpress.org that hangs does not hold a reading that is ended', async () => {
    const abort = new AbortController();
    org.fault = () => abort.abort();
    await expect(read('site', abort.signal)).rejects.toMatchObject({ reason: 'timeout' });
  });

  test('a plugin of one file is compared in that file', async () => {
    const hello = at('wp-content/plugins/hello.php');
    await writeFile(hello, '<?php\n/*\nPlugin Name: Hello Dolly\nVersion: 1.7.2\n*/\n');
    await chown(hello, 33, 33);
    org.answers.set('/plugin-checksums/hello-dolly/1.7.2.json', {
      files: { 'hello.php': { md5: '1'.repeat(32) }, 'other.php': { md5: '1'.repeat(32) } },
    });
    expect(await read()).toContain('wordpress_extension_checksum_files hello modified 1');
  });

  test('a folder of plugins that is a link is not followed', async () => {
    await rename(at('wp-content/plugins'), at('elsewhere'));
    await symlink(at('elsewhere'), at('wp-content/plugins'));
    const lines = await read();
    expect(lines).toContain('wordpress_extension_checksum_files other modified 0');
  });
});
