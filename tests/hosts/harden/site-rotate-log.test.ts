import {
  appendFile,
  chmod,
  chown,
  link,
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
import { freePorts } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const WWW_DATA = 33;
const LARGE = 'a line of a log\n'.repeat(70_000);
const ROTATED = /\.steward-\d{8}T\d{6}Z\.log$/;

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let read: Host;
const at = (...path: string[]) => join(folder.path, ...path);
/** The site's own folder, as its owner has it, and a name with characters that a shell and find read. */
const content = (name = '') => at('site', name);
const debugLog = () => content("it's [a] debug.log");
const access = (name = '') => at('nginx', name);

beforeAll(async () => {
  folder = await createTempFolder('steward-rotate');
  await chmod(folder.path, 0o755);
  const logs = [
    { file: debugLog(), format: 'wordpress-debug' },
    { file: access('access.log'), format: 'nginx-access' },
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

/** Writes a file as the site's owner has it. */
async function put(file: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(file, text);
  await chmod(file, mode);
  await chown(file, WWW_DATA, WWW_DATA);
}

async function rotate(log = 'wordpress-debug') {
  const outcome = await callVerb(host, {
    verb: 'site-rotate-log',
    slots: ['blog', log],
    timeoutSeconds: 60,
  });
  const { kind, stdout, stderr } = outcome;
  const exitCode = 'exitCode' in outcome ? outcome.exitCode : undefined;
  return { kind, exitCode, said: stdout.toString() + stderr.toString() };
}

/** Every file of a folder with its owner, group and mode. */
async function files(path: string): Promise<Record<string, string>> {
  const entries = await Promise.all(
    (await readdir(path)).toSorted().map(async (name) => {
      const { uid, gid, mode, size } = await stat(join(path, name));
      return [name, `${uid}:${gid} ${(mode & 0o777).toString(8)} ${size}`];
    }),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

async function rotatedName(path: string): Promise<string> {
  return (await readdir(path)).find((name) => ROTATED.test(name)) ?? 'none';
}

describe("a log in the site's own folder", () => {
  test('makes room for an empty one with its owner and mode, and only its owner can read it from then on', async () => {
    await put(debugLog(), LARGE, 0o664);
    const { ino } = await stat(debugLog());
    expect(await rotate()).toMatchObject({
      kind: 'succeeded',
      said: expect.stringMatching(/^rotated 1120000 bytes to it's \[a\] debug\.log\.steward-\w+\.log\n$/),
    });
    const rotated = await rotatedName(content());
    expect(await files(content())).toEqual({
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
    await put(debugLog(), LARGE);
    await rotate();
    const script = `ini_set('error_log', ${JSON.stringify(debugLog())}); error_log('after it');`;
    await runCommand(['setpriv', '--reuid=33', '--regid=33', '--clear-groups', 'php', '-r', script], {
      cwd: '/',
    });
    expect(await readFile(debugLog(), 'utf8')).toMatch(/after it\n$/);
  });

  test('is left alone a second time, so that nothing that was kept goes', async () => {
    await put(debugLog(), LARGE);
    await rotate();
    const before = await files(content());
    expect(await rotate()).toMatchObject({
      kind: 'succeeded',
      said: 'left alone: it has 0 bytes, and less than 1000000 are not rotated\n',
    });
    expect(await files(content())).toEqual(before);
  });

  test('keeps four, compressed but for the newest, and removes nothing that it did not rotate', async () => {
    const old = (time: string, ending = '') => content(`it's [a] debug.log.steward-${time}.log${ending}`);
    const mine = [
      "it's [a] debug.log.1",
      "it's [a] debug.log.steward-notes.log",
      'other.steward-20200101T000000Z.log',
    ];
    for (const name of mine) await put(content(name), 'mine');
    for (const year of [2020, 2021, 2022]) await put(old(`${year}0101T000000Z`, '.gz'), 'compressed');
    await put(old('20230101T000000Z'), 'of 2023');
    // What a gzip left that was killed.
    await put(old('20230101T000000Z', '.gz'), 'half');
    await put(debugLog(), LARGE);
    expect(await rotate()).toMatchObject({ kind: 'succeeded' });
    const newest = await rotatedName(content());
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
        await put(debugLog(), LARGE);
        await link(debugLog(), content('second'));
      },
      'a link, a file with several names, or no file',
    ],
    ['a folder', () => mkdir(debugLog()), 'a link, a file with several names, or no file'],
    ['nothing', () => Promise.resolve(), 'the log is not there'],
    [
      'in a folder that everybody can write to',
      async () => {
        await put(debugLog(), LARGE);
        await chmod(content(), 0o777);
      },
      'everybody can write to',
    ],
    [
      "root's, in a folder that others can write to",
      async () => {
        await writeFile(debugLog(), LARGE);
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

test('a folder above that everybody can write to holds it back, too', async () => {
  await put(debugLog(), LARGE);
  await chmod(folder.path, 0o777);
  const outcome = await rotate();
  await chmod(folder.path, 0o755);
  expect(outcome).toMatchObject({
    kind: 'failed',
    said: `everybody can write to ${folder.path}: chmod o-w it first\n`,
  });
});

test('a folder that is reached through a link is refused', async () => {
  await put(content('php.log'), LARGE);
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

describe("nginx's log in a folder of root's", () => {
  let nginx: RunningProcess;
  let port: number;
  const visit = (page: string) => fetch(`http://127.0.0.1:${port}/${page}`).then((answer) => answer.text());

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    await mkdir(access());
    await put(access('access.log'), LARGE, 0o640);
    await writeFile(
      at('nginx.conf'),
      `daemon off; user www-data; worker_processes 2; pid ${at('nginx.pid')}; error_log ${at('nginx-error.log')};
      events {} http { access_log ${access('access.log')}; server { listen 127.0.0.1:${port}; return 200; } }\n`,
    );
    const argv = ['/usr/sbin/nginx', '-c', at('nginx.conf')] as const;
    nginx = await startProcess({ name: 'nginx', argv: [...argv], logFile: at('nginx.out') });
    await nginx.untilReady(() =>
      visit('before').then(
        () => true,
        () => false,
      ),
    );
  });
  afterAll(() => nginx.stop());

  test('is opened anew by nginx, which loses no line', async () => {
    expect(await rotate('nginx-access')).toMatchObject({ kind: 'succeeded' });
    await visit('after');
    const rotated = await rotatedName(access());
    expect(await readFile(access(rotated), 'utf8')).toMatch(/GET \/before/);
    expect(await readFile(access('access.log'), 'utf8')).toMatch(/^[^\n]*GET \/after[^\n]*\n$/);
    expect(await files(access())).toMatchObject({
      'access.log': expect.stringMatching(/^33:33 640 /),
      [rotated]: expect.stringMatching(/^33:33 640 /),
    });
  });

  test('is left alone while another program writes to it', async () => {
    await appendFile(access('access.log'), LARGE);
    const before = await readdir(access());
    const script = `exec 3>>'${access('access.log')}'; echo ready; exec sleep 60`;
    const other = await startProcess({ name: 'sleep', argv: ['sh', '-c', script], logFile: at('sleep.out') });
    await other.untilReady(() => Promise.resolve(other.logTail().includes('ready')));
    const outcome = await rotate('nginx-access');
    await other.stop();
    expect(outcome).toMatchObject({
      kind: 'failed',
      said: expect.stringMatching(
        /^(?:sleep|dash) \(\d+\) writes to the log, and is none that opens it anew/,
      ),
    });
    expect(await readdir(access())).toEqual(before);
  });
});
