import { spawnSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  copyFile,
  link,
  mkdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { askLogStatus } from '../../../exporter/clients/log-files.ts';
import { logStatesSchema, type LogStates } from '../../../exporter/logs/log-state.ts';
import { readLogs, type LogTarget } from '../../../exporter/logs/read-logs.ts';
import type { Host } from '../../../hosts/host.ts';
import { logsOf } from '../../../inventory/logs.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { installedDispatcher, joinedShell, placeDispatcher } from '../../helpers/dispatcher-files.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let target: LogTarget;
/** The log, with characters in its name that a shell reads. */
let file: string;
let states: LogStates;

const signal = new AbortController().signal;
const place = (name: string) => join(folder.path, 'logs & more;', name);
const warning = (number: number) =>
  `[23-Nov-2026 02:39:01 UTC] PHP Warning:  number ${number} in /srv/x.php on line 1\n`;
const warnings = (from: number, to: number) =>
  Array.from({ length: to - from }, (_each, index) => warning(from + index)).join('');

beforeAll(async () => {
  folder = await createTempFolder('steward-logs');
  await chmod(folder.path, 0o755);
  await mkdir(place(''), { recursive: true });
  file = place("it's [a] log");
  const site = {
    host: 'web1',
    url: 'http://127.0.0.1/',
    path: '/srv/steward-logs',
    owner: 'www-data',
    logs: [
      { file, format: 'php-error' },
      { file: place('second.log'), format: 'php-error' },
      { file: join(folder.path, 'linked', 'third.log'), format: 'nginx-access' },
    ],
  };
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: JSON.stringify({ blog: site }) });
  host = hardened.open('read');
  target = { id: 'blog', entry: siteSchema.parse(site), host };
});
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  await rm(place(''), { recursive: true });
  await mkdir(place(''));
  await writeFile(file, warnings(0, 1000));
  states = {};
  await read();
});

/** Reads on, and keeps the states as a file would. */
async function read(): Promise<void> {
  const reading = await readLogs(target, states, signal);
  states = logStatesSchema.parse(JSON.parse(JSON.stringify(reading.states)));
}

/** Reads on until everything is taken for whole. */
async function readAll() {
  for (let round = 0; round < 4; round += 1) await read();
  const { counts } = states['php-error'] ?? {};
  return {
    warnings: counts?.events['warning'] ?? 0,
    dropped: (counts?.linesNotUnderstood ?? 0) + (counts?.linesCut ?? 0),
    lost: counts?.lostRotations,
  };
}

describe('a log on a real host', () => {
  test('the dispatcher still passes shellcheck', async () => {
    const input = joinedShell(await installedDispatcher(hardened.user));
    const { stdout, status } = spawnSync('shellcheck', ['-'], { encoding: 'utf8', input });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  test('is watched from its end when it is seen first, and then each line is counted once', async () => {
    expect(await readAll()).toEqual({ warnings: 0, dropped: 0, lost: 0 });
    await appendFile(file, warnings(0, 7));
    expect(await readAll()).toEqual({ warnings: 7, dropped: 0, lost: 0 });
  });

  test('that is renamed, with a new file in its place: the rest of the old one is read', async () => {
    await appendFile(file, warnings(0, 5));
    await read();
    await appendFile(file, warnings(5, 9));
    await rename(file, `${file}.1`);
    await writeFile(file, warnings(9, 12));
    expect(await readAll()).toEqual({ warnings: 12, dropped: 0, lost: 0 });
  });

  test('whose writer still has the old file open for a while', async () => {
    await appendFile(file, warnings(0, 5));
    await rename(file, `${file}.1`);
    await writeFile(file, '');
    await read();
    await appendFile(`${file}.1`, warnings(5, 8));
    await read();
    await appendFile(file, warnings(8, 10));
    expect(await readAll()).toEqual({ warnings: 10, dropped: 0, lost: 0 });
  });

  test('that is renamed to a name with a date', async () => {
    await appendFile(file, warnings(0, 5));
    await rename(file, `${file}-20261123`);
    await writeFile(file, warnings(5, 7));
    expect(await readAll()).toEqual({ warnings: 7, dropped: 0, lost: 0 });
  });

  test('that is copied and truncated: the rest is read in the copy', async () => {
    await appendFile(file, warnings(0, 5));
    await read();
    await appendFile(file, warnings(5, 9));
    await copyFile(file, `${file}.1`);
    await truncate(file, 0);
    await appendFile(file, warnings(9, 12));
    expect(await readAll()).toEqual({ warnings: 12, dropped: 0, lost: 0 });
  });

  test('that is truncated and at once longer than before', async () => {
    await appendFile(file, warnings(0, 5));
    await read();
    await copyFile(file, `${file}.1`);
    await truncate(file, 0);
    await appendFile(file, warnings(5, 2000));
    expect(await readAll()).toEqual({ warnings: 2000, dropped: 0, lost: 0 });
  });

  test('that is truncated with no copy: what was not read is known to be lost', async () => {
    await writeFile(file, warnings(0, 3));
    expect(await readAll()).toEqual({ warnings: 3, dropped: 0, lost: 1 });
  });

  test('whose old file is compressed at once: what was not read is known to be lost', async () => {
    await appendFile(file, warnings(0, 3));
    await rename(file, `${file}.1`);
    await writeFile(file, warnings(3, 5));
    expect(spawnSync('gzip', [`${file}.1`]).status).toBe(0);
    expect(await readAll()).toEqual({ warnings: 2, dropped: 0, lost: 1 });
  });

  test('that is compressed when it had been read', async () => {
    await appendFile(file, warnings(0, 3));
    await read();
    await rename(file, `${file}.1`);
    await writeFile(file, warnings(3, 5));
    await read();
    expect(spawnSync('gzip', [`${file}.1`]).status).toBe(0);
    expect(await readAll()).toEqual({ warnings: 5, dropped: 0, lost: 0 });
  });

  test('that is gone for a while', async () => {
    await appendFile(file, warnings(0, 3));
    await rename(file, `${file}.1`);
    await read();
    await read();
    await read();
    await writeFile(file, warnings(3, 5));
    expect(await readAll()).toEqual({ warnings: 5, dropped: 0, lost: 0 });
  });

  test('that is there for the first time after it was looked for', async () => {
    await writeFile(place('second.log'), warnings(0, 4));
    await readAll();
    expect(states['php-error-2']?.counts.events['warning']).toBe(4);
  });

  test('is read again from the same place when the process ends before it has saved', async () => {
    await appendFile(file, warnings(0, 5));
    const saved = structuredClone(states);
    await read();
    states = saved;
    await appendFile(file, warnings(5, 6));
    expect(await readAll()).toEqual({ warnings: 6, dropped: 0, lost: 0 });
  });

  test('with a line of 10 MB and bytes that are no text between its lines', async () => {
    await appendFile(file, warnings(0, 2));
    await appendFile(file, Buffer.concat([Buffer.alloc(10 * 1024 * 1024, 0xff), Buffer.from('\n')]));
    await appendFile(file, Buffer.from([0, 1, 2, 0xc3, 0x28, 13, 10, 10]));
    await appendFile(file, warnings(2, 4));
    expect(await readAll()).toMatchObject({ warnings: 4, lost: 0 });
    expect(states['php-error']?.counts.linesCut).toBe(1);
  });

  test('that ends within a line, and goes on', async () => {
    const text = warnings(0, 3);
    await appendFile(file, text.slice(0, -20));
    await readAll();
    await appendFile(file, text.slice(-20));
    expect(await readAll()).toEqual({ warnings: 3, dropped: 0, lost: 0 });
  });

  test('in several pieces, across the limit of one', async () => {
    await appendFile(file, warnings(0, 80_000));
    expect(await readAll()).toEqual({ warnings: 80_000, dropped: 0, lost: 0 });
  });
});

describe("what stands in a log's place and is no log", () => {
  const statusOf = async (number: number) =>
    (await askLogStatus(host, 'blog', logsOf(target.entry), signal))[number]?.kind;

  test.each<[string, (path: string) => Promise<void> | void]>([
    ['a link to a file of somebody else', (path) => symlink('/etc/shadow', path)],
    ['a second name of a file', (path) => link(file, path)],
    ['a folder', (path) => mkdir(path).then(() => undefined)],
    ['a pipe', (path) => void spawnSync('mkfifo', [path])],
    ['a device, by a link', (path) => symlink('/dev/zero', path)],
  ])('%s is not opened; a log in its place is then watched from its end', async (_what, make) => {
    states = {};
    await make(place('second.log'));
    expect(await statusOf(1)).toBe('link');
    await expect(readAll()).resolves.toBeDefined();
    expect(states['php-error-2']).toBeUndefined();
    await rm(place('second.log'), { recursive: true });
    await writeFile(place('second.log'), warnings(0, 4));
    await readAll();
    expect(states['php-error-2']?.counts.bytes).toBe(0);
  });

  test('other logs than steward.yml names now are not taken for them', async () => {
    const renamed = { ...target, entry: { logs: target.entry.logs?.toReversed() ?? [] } };
    await expect(readLogs(renamed, {}, signal)).rejects.toMatchObject({
      reason: 'bad_answer',
      message: expect.stringContaining('steward host harden web1'),
    });
  });

  test('a link that is put there while the log is opened is not followed', async () => {
    const secret = join(folder.path, 'secret');
    await writeFile(secret, 'secret\n');
    const { parts, ...dispatcher } = await installedDispatcher(hardened.user);
    const reading = parts.get('verbs/log-read.sh') ?? '';
    const swapping = reading.replace('  dd if=', `  ln -sf '${secret}' "./$file"\n  dd if=`);
    const changed = new Map([...parts, ['verbs/log-read.sh', swapping]]);
    const swapped = await placeDispatcher(join(folder.path, 'swapped'), { ...dispatcher, parts: changed });
    const inode = String((await stat(file)).ino);
    const { stdout } = spawnSync('sh', [swapped, 'read', 'log-read', 'blog', '0', inode, '0'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(new RegExp(`^${inode} `));
    expect(await readlink(file)).toBe(secret);
    expect(stdout).not.toContain('secret');
  });

  test('a link to the folder is not followed', async () => {
    const linked = join(folder.path, 'linked');
    await symlink(place(''), linked);
    await writeFile(place('third.log'), 'x\n');
    expect(await statusOf(2)).toBe('link');
    await rm(linked);
    expect(await statusOf(2)).toBe('absent');
  });

  test.each([
    ['blog', '9', '1', '0'],
    ['other', '0', '1', '0'],
    ['blog', '0', 'x', '0'],
    ['blog', '0', '1', '1x'],
    ['blog', '0', '1', '1'.repeat(16)],
  ])('log-read %s %s %s %s is refused', async (...slots) => {
    const outcome = await host.run({ argv: ['log-read', ...slots], timeoutSeconds: 10 });
    expect(outcome).toMatchObject({ kind: 'failed', exitCode: 77 });
  });

  test('the inode of another file in the folder opens nothing', async () => {
    const secret = place('secret');
    await writeFile(secret, 'secret\n');
    const inode = spawnSync('stat', ['-c', '%i', secret], { encoding: 'utf8' }).stdout.trim();
    const outcome = await host.run({ argv: ['log-read', 'blog', '0', inode, '0'], timeoutSeconds: 10 });
    expect(outcome.stdout.toString()).toBe('absent\n');
  });
});
