import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const WWW_DATA = 33;
let folder: TempFolder;
let hardened: HardenedHost;
let act: Host;
let site: string;
let runs = 0;
let run: string;

beforeAll(async () => {
  folder = await createTempFolder('steward-harden');
  site = join(folder.path, `it's a site`);
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ blog: { host: web1, url: 'http://127.0.0.1/', path: "${site}", owner: www-data } }`,
  });
  act = hardened.open('act');
});
afterAll(async () => {
  await act.close();
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  runs += 1;
  run = `run-${runs}`;
  await rm(site, { recursive: true, force: true });
  await put('wp-config.php', 0o640);
  await put('index.php', 0o644);
  await put('wp-content/uploads/a.jpg', 0o644);
});

const at = (path: string) => join(site, path);
const modeOf = async (path: string) => ((await lstat(at(path))).mode & 0o7777).toString(8);
const ownerOf = async (path: string) => (await lstat(at(path))).uid;
const fix = () => callVerb(act, { verb: 'site-fix-permissions', slots: ['blog', run], timeoutSeconds: 30 });
const undo = () => callVerb(act, { verb: 'site-undo-permissions', slots: ['blog', run], timeoutSeconds: 30 });

async function put(path: string, mode: number): Promise<void> {
  const parts = path.split('/');
  for (let depth = 0; depth < parts.length; depth += 1) {
    const parent = at(parts.slice(0, depth).join('/'));
    await mkdir(parent, { recursive: true });
    await chown(parent, WWW_DATA, WWW_DATA);
  }
  await writeFile(at(path), path);
  await chmod(at(path), mode);
  await chown(at(path), WWW_DATA, WWW_DATA);
}

describe('the fix', () => {
  test('mends what drifted, changes nothing else, and counts it', async () => {
    await chmod(at('wp-config.php'), 0o666);
    await chmod(at('wp-content/uploads'), 0o777);
    await chmod(at('index.php'), 0o4755);
    await chown(at('wp-content/uploads/a.jpg'), 0, 0);
    await put('strict.php', 0o600);
    expect(await fix()).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('changed 4\n') });
    expect(await modeOf('wp-config.php')).toBe('640');
    expect(await modeOf('wp-content/uploads')).toBe('755');
    expect(await modeOf('index.php')).toBe('755');
    expect(await modeOf('strict.php')).toBe('600');
    expect(await ownerOf('wp-content/uploads/a.jpg')).toBe(WWW_DATA);
  });

  test('goes into a folder that its own owner could not open', async () => {
    await put('shut/inner/x.php', 0o666);
    await chmod(at('shut/inner'), 0o000);
    await chmod(at('shut'), 0o000);
    expect((await fix()).kind).toBe('succeeded');
    expect(await modeOf('shut/inner/x.php')).toBe('644');
    expect(await modeOf('shut')).toBe('700');
  });

  test('takes names with line breaks, quotes and dashes', async () => {
    for (const name of ['a\nb', `it's`, '-R', '$(id)']) await put(`wp-content/${name}`, 0o666);
    expect((await fix()).kind).toBe('succeeded');
    for (const name of ['a\nb', `it's`, '-R', '$(id)'])
      expect(await modeOf(`wp-content/${name}`)).toBe('644');
  });

  test('is the same when it is sent twice, and keeps the first snapshot', async () => {
    await chmod(at('wp-config.php'), 0o666);
    await fix();
    expect((await fix()).stdout.toString()).toBe('changed 1\n');
    await undo();
    expect(await modeOf('wp-config.php')).toBe('666');
  });

  test('leaves a file with a second name alone: that may be somebody else’s', async () => {
    const other = join(folder.path, `other-${run}`);
    await writeFile(other, 'root');
    await chmod(other, 0o600);
    await link(other, at('stolen.php'));
    await fix();
    expect(await lstat(other)).toMatchObject({ uid: 0, mode: 0o100600 });
  });
});

describe('the undo', () => {
  test('puts modes and owners back as they were', async () => {
    await chmod(at('wp-config.php'), 0o666);
    await chmod(at('wp-content/uploads'), 0o777);
    await chown(at('wp-content/uploads/a.jpg'), 0, 0);
    await put('wp-content/a\nb', 0o666);
    await fix();
    expect(await undo()).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('restored 4 of 4\n') });
    expect(await modeOf('wp-config.php')).toBe('666');
    expect(await modeOf('wp-content/uploads')).toBe('777');
    expect(await ownerOf('wp-content/uploads/a.jpg')).toBe(0);
    expect(await modeOf('wp-content/a\nb')).toBe('666');
  });

  test('has nothing to put back where a path is gone', async () => {
    await chmod(at('wp-config.php'), 0o666);
    await chown(at('wp-content/uploads/a.jpg'), 0, 0);
    await fix();
    await rm(at('wp-content/uploads'), { recursive: true });
    expect(await undo()).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('restored 2 of 2\n') });
    expect(await modeOf('wp-config.php')).toBe('666');
  });

  test('of a run that never was says so', async () => {
    expect(await undo()).toMatchObject({
      kind: 'failed',
      stderr: Buffer.from('there is no snapshot of that run\n'),
    });
  });
});

describe('a web user who swaps things for links to a file of the system', () => {
  // One like /etc/shadow, which others change meanwhile that make accounts.
  const etc = () => join(folder.path, 'etc');
  const secret = () => join(etc(), 'shadow');
  let before: unknown;
  const shadow = async () => {
    const { mode, uid, gid, ctimeMs } = await lstat(secret());
    return { mode, uid, gid, ctimeMs, text: await readFile(secret(), 'utf8') };
  };
  beforeAll(async () => {
    await mkdir(etc());
    await writeFile(secret(), 'root:*:20228:0:99999:7:::\n', { mode: 0o640 });
    await chown(secret(), 0, 42);
  });
  beforeEach(async () => {
    before = await shadow();
  });
  const swap = async (path: string) => {
    await rm(at(path), { recursive: true });
    await symlink(secret(), at(path));
    await lchown(at(path), WWW_DATA, WWW_DATA);
  };

  test('before the fix', async () => {
    await swap('index.php');
    await lchown(at('index.php'), 0, 0);
    await fix();
    expect(await shadow()).toEqual(before);
  });

  test('between the fix and the undo', async () => {
    await chmod(at('wp-config.php'), 0o666);
    await chown(at('index.php'), 1, 1);
    await fix();
    await swap('wp-config.php');
    await swap('index.php');
    expect(await undo()).toMatchObject({ kind: 'failed', stdout: Buffer.from('restored 0 of 2\n') });
    expect(await shadow()).toEqual(before);
  });

  test('a whole folder, for one of the system, between the fix and the undo', async () => {
    await put('wp-content/shadow', 0o666);
    await chown(at('wp-content/shadow'), 1, 1);
    await fix();
    await rename(at('wp-content'), at('away'));
    await symlink(etc(), at('wp-content'));
    expect(await undo()).toMatchObject({ kind: 'failed', stdout: Buffer.from('restored 0 of 1\n') });
    expect(await shadow()).toEqual(before);
  });

  test('all the time, while fix and undo run', async () => {
    await put('wp-content/f.php', 0o666);
    let isOver = false;
    const swapper = (async () => {
      while (!isOver) {
        await symlink(secret(), at('wp-content/new'));
        await rename(at('wp-content/new'), at('wp-content/f.php'));
        await writeFile(at('wp-content/new'), 'x', { mode: 0o666 });
        await chown(at('wp-content/new'), 1, 1);
        await rename(at('wp-content/new'), at('wp-content/f.php'));
      }
    })();
    for (let round = 0; round < 8; round += 1) {
      run = `race-${round}`;
      await fix();
      await undo();
    }
    isOver = true;
    await swapper;
    expect(await shadow()).toEqual(before);
  });

  test('the site’s own folder is refused', async () => {
    await rename(site, `${site} moved`);
    await symlink(etc(), site);
    const outcome = await fix();
    await rm(site);
    await rename(`${site} moved`, site);
    expect(outcome.kind).toBe('failed');
    expect(outcome.stderr.toString()).toContain(`a link leads to the site; write its real path, ${etc()},`);
    expect(await shadow()).toEqual(before);
  });
});
