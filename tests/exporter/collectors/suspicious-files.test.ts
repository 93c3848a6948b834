import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { suspiciousFiles } from '../../../exporter/collectors/suspicious-files.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { brief } from '../../helpers/brief.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
const ENTRY = { host: 'web1', url: 'http://x/', owner: 'www-data' };

beforeAll(async () => {
  folder = await createTempFolder('steward-suspicious');
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
  await put({
    'wp-includes/version.php': "<?php $wp_version = '6.1';",
    'wp-content/uploads/2026/photo.jpg': 'JFIF',
  });
});

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder.path, 'site', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await runCommand(['chown', '-Rh', 'www-data:www-data', join(folder.path, 'site')]);
}

const target = (of: Host = host): SiteTarget => ({
  id: 'blog',
  entry: siteSchema.parse({ ...ENTRY, path: join(folder.path, 'site') }),
  host: of,
});
const read = async (of?: Host) =>
  brief((await suspiciousFiles.background?.read(target(of), new AbortController().signal)) ?? []);
const found = async () => (await read()).filter((line) => !line.endsWith(' 0') && line.includes('_files '));
const named = async () => (await read()).filter((line) => line.includes('_info '));

const UPLOADS = 'wp-content/uploads';
const PLUGIN = 'wp-content/plugins/acme';

describe('suspicious files', () => {
  test('are none in a site as it should be, with each rule as zero', async () => {
    await put({
      [`${UPLOADS}/index.php`]: '<?php\n// Silence is golden.\n',
      [`${UPLOADS}/acme/index.php`]: '<?php /* nothing */ exit; ?>\n',
      [`${UPLOADS}/.htaccess`]: 'Options -Indexes\n<Files *.php>\ndeny from all\n</Files>\n',
      [`${UPLOADS}/report.php.notes`]: 'no program',
      [`${PLUGIN}/acme.php`]: '<?php $data = base64_decode($text); function evaluate() {}\n',
    });
    expect(await read()).toEqual(
      [
        'php_in_uploads',
        'php_in_name',
        'php_in_image',
        'hidden_php',
        'hidden_code',
        'handler_in_uploads',
        'link_in_uploads',
      ].map((rule) => `wordpress_suspicious_files ${rule} 0`),
    );
  });

  test.each<[rule: string, path: string, content: string]>([
    ['php_in_uploads', `${UPLOADS}/2026/shell.php`, '<?php system($_GET[1]);'],
    ['php_in_uploads', `${UPLOADS}/2026/shell.PhTmL`, 'x'],
    ['php_in_uploads', `${UPLOADS}/index.php`, '<?php // x\nsystem("id");'],
    ['php_in_uploads', `${UPLOADS}/a\tb\nc.php`, 'x'],
    ['php_in_name', `${UPLOADS}/photo.php.jpg`, 'x'],
    ['php_in_image', `${UPLOADS}/photo.gif`, 'GIF89a<?php system($_GET[1]);'],
    ['hidden_php', `${UPLOADS}/.cache.php`, 'x'],
    ['hidden_php', `${PLUGIN}/.x.php`, 'x'],
    ['hidden_code', `${PLUGIN}/a.php`, '<?php @eval( base64_decode("c3lz"));'],
    ['hidden_code', `${PLUGIN}/a.php`, '<?php assert($_POST["x"]);'],
    ['hidden_code', `${PLUGIN}/a.php`, '<?php eval(@gzinflate(str_rot13("x")));'],
    ['handler_in_uploads', `${UPLOADS}/.htaccess`, '  AddHandler application/x-httpd-php .jpg'],
    ['handler_in_uploads', `${UPLOADS}/.user.ini`, 'auto_prepend_file=/tmp/x'],
  ])('are found by the rule %s: %j', async (rule, path, content) => {
    await put({ [path]: content });
    expect(await found()).toEqual([`wordpress_suspicious_files ${rule} 1`]);
    expect(await named()).toEqual([`wordpress_suspicious_file_info ${path} ${rule} 1`]);
  });

  test('may have names that are not UTF-8, and are named as well as can be', async () => {
    const name = Buffer.concat([
      Buffer.from(`${join(folder.path, 'site', UPLOADS)}/x`),
      Buffer.from([0xff]),
      Buffer.from('.php'),
    ]);
    await writeFile(name, 'x');
    expect(await named()).toEqual([
      `wordpress_suspicious_file_info ${UPLOADS}/x\u{fffd}.php php_in_uploads 1`,
    ]);
  });

  test('links are found, and not followed', async () => {
    await put({ 'elsewhere/shell.php': 'x' });
    await symlink(join(folder.path, 'site', 'elsewhere'), join(folder.path, 'site', UPLOADS, 'linked'));
    expect(await found()).toEqual(['wordpress_suspicious_files link_in_uploads 1']);
  });

  test('are counted all, and named the first', async () => {
    const names = Array.from(
      { length: 1200 },
      (_, index) => `${UPLOADS}/${String(index).padStart(4, '0')}.php`,
    );
    await put(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect(await found()).toEqual(['wordpress_suspicious_files php_in_uploads 1200']);
    expect(await named()).toHaveLength(20);
  });

  test('of a site that cannot be read whole are not told', async () => {
    await put({ 'wp-config.php': "<?php define('WP_CONTENT_DIR', $_SERVER['X']);" });
    await expect(read()).rejects.toThrow(/computes WP_CONTENT_DIR/);
  });

  test.each([
    ['nothing', ''],
    ['no end', 'file\tphp_in_uploads\tx\0'],
    ['half a record', 'end\t5'],
    ['more after the end', 'end\t5\0file\tphp_in_uploads\tx\0'],
    ['a rule that is none', 'file\t__proto__\tx\0end\t1\0'],
    ['a count that is none', 'count\tphp_in_uploads\t-1\0end\t1\0'],
    ['something else', '<html>\0end\t1\0'],
  ])('an answer with %s is a failure', async (_what, text) => {
    const run = (): Promise<Outcome> =>
      Promise.resolve({
        kind: 'succeeded',
        stdout: Buffer.from(text),
        stderr: Buffer.alloc(0),
        truncated: false,
      });
    await expect(read({ ...host, run })).rejects.toMatchObject({ reason: 'bad_answer' });
  });
});
