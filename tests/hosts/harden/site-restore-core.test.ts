import { createHash } from 'node:crypto';
import {
  access,
  appendFile,
  chown,
  lstat,
  mkdir,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { copyWordPress, setWordPressPermissions } from '../../../lab/site/wordpress-files.ts';
import {
  checksumsOf,
  startWordPressOrgDouble,
  type WordPressOrgDouble,
} from '../../../lab/site/wordpress-org-double.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const WWW_DATA = 33;
/** What wordpress.org lists besides: of these nothing is put back, and the second, of a theme that WordPress ships with, has a name like no other. */
const CONTENT = [
  'wp-content/index.php',
  'wp-content/themes/twentytwentythree/assets/fonts/inter/Inter-VariableFont_slnt,wght.ttf',
];
const MAIL = 'wp-includes/PHPMailer/SMTP.php';

let folder: TempFolder;
let pristine: string;
let site: string;
let wordpressOrg: WordPressOrgDouble;
let hardened: HardenedHost;
let host: Host;
let version: string;
let checksums: Record<string, string>;
let archive: Buffer;
let runs = 0;

beforeAll(async () => {
  folder = await createTempFolder('steward-core');
  pristine = join(folder.path, 'release', 'wordpress');
  site = join(folder.path, 'site');
  await mkdir(dirname(pristine));
  await copyWordPress(pristine);
  await rm(join(pristine, 'wp-content'), { recursive: true });
  await runCommand(['cp', '-r', pristine, site]);
  await writeFile(join(site, 'wp-config.php'), '<?php');
  await setWordPressPermissions(site);
  const text = await readFile(join(pristine, 'wp-includes/version.php'), 'utf8');
  version = /\$wp_version = '([^']+)'/.exec(text)?.[1] ?? '';
  checksums = await checksumsOf(pristine);
  const file = join(folder.path, 'release.tar.gz');
  await runCommand(['tar', '-C', dirname(pristine), '-czf', file, 'wordpress']);
  archive = await readFile(file);
  wordpressOrg = await startWordPressOrgDouble();
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ blog: { host: web1, url: 'http://x/', path: '${site}', owner: www-data } }`,
    exporter: `{ wordpress_org: { api_url: '${wordpressOrg.url}', downloads_url: '${wordpressOrg.url}' } }`,
  });
  host = hardened.open('act');
}, 90_000);
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await wordpressOrg.stop();
  await folder.remove();
}, 30_000);

const at = (path: string) => join(site, path);
const state = (path: string) => join('/var/lib', hardened.user, path);
const run = () => `run-${runs}`;
const md5 = async (path: string) =>
  createHash('md5')
    .update(await readFile(at(path)))
    .digest('hex');

/** Whether each file of WordPress itself is as it was released. */
async function isWhole(): Promise<boolean> {
  const actual = await checksumsOf(site);
  return Object.entries(checksums).every(([path, hash]) => actual[path] === hash);
}

beforeEach(() => {
  runs += 1;
  const answer = `/core/checksums/1.0/?version=${version}&locale=en_US`;
  const content = Object.fromEntries(CONTENT.map((path) => [path, '0'.repeat(32)]));
  wordpressOrg.answers.set(answer, { checksums: { ...checksums, ...content } });
  wordpressOrg.answers.set(`/release/wordpress-${version}.tar.gz`, archive);
});
afterEach(async () => {
  wordpressOrg.answers.clear();
  wordpressOrg.fault = undefined;
  await rm(state('releases'), { recursive: true, force: true });
  await runCommand(['cp', '-rT', '--remove-destination', pristine, site]);
  await setWordPressPermissions(site);
});

async function act(verb: 'site-restore-core' | 'site-undo-restore-core') {
  const outcome = await callVerb(host, { verb, slots: ['blog', run()], timeoutSeconds: 60 });
  return { kind: outcome.kind, said: outcome.stdout.toString() + outcome.stderr.toString() };
}

/** Changes one file, takes one away with its folder, and puts a link in the place of a third. */
async function damage(): Promise<string> {
  await appendFile(at('wp-login.php'), '\n<?php system($_GET["c"]);');
  await rm(at(dirname(MAIL)), { recursive: true });
  const other = join(folder.path, `other-${runs}`);
  await writeFile(other, 'mine');
  await chown(other, WWW_DATA, WWW_DATA);
  await rm(at('wp-cron.php'));
  await symlink(other, at('wp-cron.php'));
  return other;
}

describe('site-restore-core', () => {
  test('puts back what was changed, taken away or made a link, and nothing else', async () => {
    const other = await damage();
    await writeFile(at('wp-includes/mine.php'), 'not of WordPress');
    const mailers = Object.keys(checksums).filter((path) => dirname(path) === dirname(MAIL)).length;
    expect(await act('site-restore-core')).toEqual({
      kind: 'succeeded',
      said: `put back ${mailers + 2} of ${mailers + 2}\n`,
    });
    expect(await isWhole()).toBe(true);
    expect(await readFile(other, 'utf8')).toBe('mine');
    expect(await readFile(at('wp-includes/mine.php'), 'utf8')).toBe('not of WordPress');
    const { uid, mode } = await lstat(at(MAIL));
    expect({ uid, mode: mode & 0o7777 }).toEqual({ uid: WWW_DATA, mode: 0o644 });
    const left = await readdir(site, { recursive: true });
    expect(left.filter((name) => name.includes('.steward-'))).toEqual([]);
    await rm(at('wp-includes/mine.php'));
  });

  test('its undo brings back what stood there, and may be done again', async () => {
    const other = await damage();
    const changed = await readFile(at('wp-login.php'), 'utf8');
    await act('site-restore-core');
    for (let time = 0; time < 2; time += 1) {
      expect(await act('site-undo-restore-core')).toMatchObject({ kind: 'succeeded' });
      expect(await readFile(at('wp-login.php'), 'utf8')).toBe(changed);
      await expect(access(at(MAIL))).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await lstat(at('wp-cron.php'))).isSymbolicLink()).toBe(true);
    }
    expect(await readFile(other, 'utf8')).toBe('mine');
  });

  test('done again in one run keeps what its undo needs; only root can read it', async () => {
    await damage();
    await act('site-restore-core');
    expect(await act('site-restore-core')).toEqual({ kind: 'succeeded', said: 'put back 0 of 0\n' });
    const { uid, mode } = await lstat(state(`snapshots/${run()}/blog-core`));
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: 0, mode: 0o600 });
    await act('site-undo-restore-core');
    expect(await md5('wp-login.php')).not.toBe(checksums['wp-login.php']);
  });

  test('a release that is kept is not asked for again', async () => {
    await act('site-restore-core');
    wordpressOrg.answers.clear();
    runs += 1;
    await damage();
    expect(await act('site-restore-core')).toMatchObject({ kind: 'succeeded' });
    expect(await isWhole()).toBe(true);
  });
});

/** What wordpress.org, the way to it, or the site can be like; and what is said then. */
const refusals: Record<string, readonly [change: () => unknown, said: string]> = {
  'wordpress.org answers with an error': [
    () => (wordpressOrg.fault = (response) => response.writeHead(503).end('x')),
    '503',
  ],
  'the connection is cut': [() => (wordpressOrg.fault = (response) => response.destroy()), 'no answer from'],
  'the checksums are a page': [
    () => (wordpressOrg.fault = (response) => response.end('<html>')),
    'knows no checksums of this version',
  ],
  'the version is not known': [
    () =>
      wordpressOrg.answers.set(`/core/checksums/1.0/?version=${version}&locale=en_US`, { checksums: false }),
    'knows no checksums of this version',
  ],
  'a path leads out of the site': [
    () =>
      wordpressOrg.answers.set(`/core/checksums/1.0/?version=${version}&locale=en_US`, {
        checksums: { '../evil.php': '0'.repeat(32) },
      }),
    'is no list of checksums',
  ],
  'too many files differ': [
    () =>
      runCommand([
        'sh',
        '-c',
        `find '${site}/wp-includes' -name '*.php' ! -name version.php -exec truncate -s 1 {} +`,
      ]),
    'files differ: an update broke off',
  ],
  'an update is under way': [() => writeFile(at('.maintenance'), ''), 'an update is under way'],
  'the version is hostile': [
    () => writeFile(at('wp-includes/version.php'), "<?php\n$wp_version = '6.1$(id)';"),
    'says no version of a release',
  ],
  'a folder of WordPress is a link': [
    async () => {
      await runCommand(['mv', at('wp-includes/PHPMailer'), join(folder.path, 'moved')]);
      await symlink(join(folder.path, 'moved'), at('wp-includes/PHPMailer'));
    },
    'is no folder: look at what it is first',
  ],
};

test.each(Object.entries(refusals))('nothing is changed where %s', async (_what, [change, said]) => {
  await appendFile(at('wp-login.php'), 'changed');
  await change();
  const outcome = await act('site-restore-core');
  expect(outcome).toEqual({ kind: 'failed', said: expect.stringContaining(said) });
  expect(await md5('wp-login.php')).not.toBe(checksums['wp-login.php']);
  await rm(at('.maintenance'), { force: true });
  await rm(at('wp-includes/PHPMailer'), { recursive: true, force: true });
});

test.each([
  ['is no archive', () => Promise.resolve(Buffer.from('<html>'))],
  ['ends in the middle', () => Promise.resolve(archive.subarray(0, 20_000))],
  [
    'has another file under the name',
    async () => {
      const evil = join(folder.path, 'evil', 'wordpress');
      await mkdir(evil, { recursive: true });
      await writeFile(join(evil, 'wp-login.php'), '<?php evil();');
      await runCommand(['tar', '-C', dirname(evil), '-czf', join(folder.path, 'evil.tar.gz'), 'wordpress']);
      return readFile(join(folder.path, 'evil.tar.gz'));
    },
  ],
])('an archive that %s puts back nothing, and is not kept', async (_what, make) => {
  wordpressOrg.answers.set(`/release/wordpress-${version}.tar.gz`, await make());
  await appendFile(at('wp-login.php'), 'changed');
  const { kind, said } = await act('site-restore-core');
  expect({ kind, said }).toEqual({ kind: 'failed', said: expect.stringContaining('put back 0 of 1\n') });
  expect(await readFile(at('wp-login.php'), 'utf8')).toMatch(/changed$/);
  expect(await readdir(state('releases'))).toEqual([]);
});
