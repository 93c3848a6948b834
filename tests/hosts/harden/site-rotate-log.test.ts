import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { startProcess } from '../../../lab/parts/process.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { filesOf, LARGE_LOG, putAsOwner, rotatedNameIn, rotateLog, WWW_DATA } from './rotated-logs.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let read: Host;
const at = (...path: string[]) => join(folder.path, ...path);
/** The site's own folder, as its owner has it, and a name with characters that a shell and find read. */
const content = (name = '') => at('site', name);
const debugLog = () => content("it's [a] debug.log");

beforeAll(async () => {
  folder = await createTempFolder('steward-rotate');
  await chmod(folder.path, 0o755);
  const logs = [
    { file: debugLog(), format: 'wordpress-debug' },
    { file: at('linked', 'php.log'), format: 'php-error' },
  ];
  const site = { host: 'web1', url: 'http://x/', path: '/srv/x', owner: 'www-data', logs };
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: JSON.stringify({ blog: site }) });
  host = hardened.open('act');
  read = hardened.open('read');
});
afterAll(async () => {
  await Promise.all([host.close(), read.close()]);
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  await rm(content(), { recursive: true, force: true });
  await mkdir(content());
  await chown(content(), WWW_DATA, WWW_DATA);
});

const rotate = (log = 'wordpress-debug') => rotateLog(host, log);

describe("a log in the site's own folder", () => {
  test('makes room for an empty one with its owner and mode, and only its owner can read it from then on', async () => {
    await putAsOwner(debugLog(), LARGE_LOG, 0o664);
    const { ino } = await stat(debugLog());
    expect(await rotate()).toMatchObject({
      kind: 'succeeded',
      said: expect.stringMatching(/^rotated 1120000 bytes to it's \[a\] debug\.log\.steward-\w+\.log\n$/),
    });
    const rotated = await rotatedNameIn(content());
    expect(await filesOf(content())).toEqual({
      "it's [a] debug.log": '33:33 664 0',
      [rotated]: '33:33 600 1120000',
    });
    const { stdout } = await callVerb(read, {
      verb: 'log-read',
      slots: ['blog', '0', String(ino), '1119984'],
      timeoutSeconds: 20,
    });
    expect(stdout.toString().split('\n')[1]).toBe('a line of a log');
  });

  test('PHP goes on writing, into the new one', async () => {
    await putAsOwner(debugLog(), LARGE_LOG);
    await rotate();
    const script = `ini_set('error_log', ${JSON.stringify(debugLog())}); error_log('after it');`;
    await runCommand(['setpriv', '--reuid=33', '--regid=33', '--clear-groups', 'php', '-r', script], {
      cwd: '/',
    });
    expect(await readFile(debugLog(), 'utf8')).toMatch(/after it\n$/);
  });

  test('is left alone a second time, so that nothing that was kept goes', async () => {
    await putAsOwner(debugLog(), LARGE_LOG);
    await rotate();
    const before = await filesOf(content());
    expect(await rotate()).toMatchObject({
      kind: 'succeeded',
      said: 'left alone: it has 0 bytes, and less than 1000000 are not rotated\n',
    });
    expect(await filesOf(content())).toEqual(before);
  });

  test('keeps four, compressed but for the newest, and removes nothing that it did not rotate', async () => {
    const old = (time: string, ending = '') => content(`it's [a] debug.log.steward-${time}.log${ending}`);
    const mine = [
      "it's [a] debug.log.1",
      "it's [a] debug.log.steward-notes.log",
      'other.steward-20200101T000000Z.log',
    ];
    for (const name of mine) await putAsOwner(content(name), 'mine');
    for (const year of [2020, 2021, 2022]) await putAsOwner(old(`${year}0101T000000Z`, '.gz'), 'compressed');
    await putAsOwner(old('20230101T000000Z'), 'of 2023');
    // What a gzip left that was killed.
    await putAsOwner(old('20230101T000000Z', '.gz'), 'half');
    await putAsOwner(debugLog(), LARGE_LOG);
    expect(await rotate()).toMatchObject({ kind: 'succeeded' });
    const newest = await rotatedNameIn(content());
    expect((await readdir(content())).toSorted()).toEqual(
      [
        "it's [a] debug.log",
        "it's [a] debug.log.steward-20210101T000000Z.log.gz",
        "it's [a] debug.log.steward-20220101T000000Z.log.gz",
        "it's [a] debug.log.steward-20230101T000000Z.log.gz",
        newest,
        ...mine,
      ].toSorted(),
    );
    expect(gunzipSync(await readFile(old('20230101T000000Z', '.gz'))).toString()).toBe('of 2023');
  });

  test.each<[string, () => Promise<void>, string]>([
    ['a link', () => symlink('/etc/passwd', debugLog()), 'a link, a file with several names, or no file'],
    [
      'a file with a second name',
      async () => {
        await putAsOwner(debugLog(), LARGE_LOG);
        await link(debugLog(), content('second'));
      },
      'a link, a file with several names, or no file',
    ],
    ['a folder', () => mkdir(debugLog()), 'a link, a file with several names, or no file'],
    ['nothing', () => Promise.resolve(), 'the log is not there'],
    [
      'in a folder that everybody can write to',
      async () => {
        await putAsOwner(debugLog(), LARGE_LOG);
        await chmod(content(), 0o777);
      },
      'everybody can write to',
    ],
    [
      "root's, in a folder that others can write to",
      async () => {
        await writeFile(debugLog(), LARGE_LOG);
      },
      'the log belongs to root, and others can write to its folder',
    ],
  ])('is not rotated where it is %s', async (_what, prepare, reason) => {
    await prepare();
    const before = await readdir(content());
    expect(await rotate()).toEqual({ kind: 'failed', exitCode: 1, said: expect.stringContaining(reason) });
    expect(await readdir(content())).toEqual(before);
  });
});

test('whoever owns the folder and swaps files for links meanwhile reaches nothing of root by it', async () => {
  const secret = at('secret');
  await writeFile(secret, LARGE_LOG, { mode: 0o600 });
  const before = await stat(secret);
  const swap = `cd '${content()}'; while :; do
      head -c 1100000 /dev/zero >big; mv -f big "it's [a] debug.log"; ln -sf '${secret}' link; mv -f link "it's [a] debug.log"
      for each in *.log; do ln -sf '${secret}' "$each.gz"; ln -sf '${secret}' link; mv -f link "$each"; done
    done`;
  const swapper = await startProcess({
    name: 'swapper',
    argv: ['setpriv', '--reuid=33', '--regid=33', '--clear-groups', 'sh', '-c', swap],
    logFile: at('swapper.out'),
  });
  const said = [];
  for (let round = 0; round < 15; round += 1) said.push((await rotate()).kind);
  await swapper.stop();
  expect(said).toHaveLength(15);
  const { mode, uid, ino, mtimeMs } = await stat(secret);
  expect({ mode, uid, ino, mtimeMs }).toEqual({
    mode: before.mode,
    uid: 0,
    ino: before.ino,
    mtimeMs: before.mtimeMs,
  });
  for (const name of await readdir(content())) {
    const file = await lstat(content(name));
    expect([name, file.uid]).toEqual([name, WWW_DATA]);
    if (file.isFile()) expect((await readFile(content(name))).includes('a line of a log')).toBe(false);
  }
});

test('a folder above that everybody can write to holds it back, too', async () => {
  await putAsOwner(debugLog(), LARGE_LOG);
  await chmod(folder.path, 0o777);
  const outcome = await rotate();
  await chmod(folder.path, 0o755);
  expect(outcome).toMatchObject({
    kind: 'failed',
    said: `everybody can write to ${folder.path}: chmod o-w it first\n`,
  });
});

test('a folder that is reached through a link is refused', async () => {
  await putAsOwner(content('php.log'), LARGE_LOG);
  await symlink(content(), at('linked'));
  expect(await rotate('php-error')).toMatchObject({
    kind: 'failed',
    said: expect.stringContaining('through a link'),
  });
  expect(await readdir(content())).toEqual(['php.log']);
});

test.each(['apache-error', 'wordpress-debug-2', '0', 'access.log', 'wordpress', 'WORDPRESS-DEBUG'])(
  'a word that is the name of no log is refused: %s',
  async (name) => {
    expect(await rotate(name)).toEqual({ kind: 'failed', exitCode: 77, said: 'refused: no such log\n' });
  },
);
