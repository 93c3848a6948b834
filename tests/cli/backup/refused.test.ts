import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Header, type HeaderData } from 'tar';
import { gzipSync } from 'node:zlib';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { steward, stewardBeside } from '../../helpers/steward-command.ts';

const script = fileURLToPath(new URL('../../../cli/steward.js', import.meta.url));
const MANIFEST = { format: 1, version: '0.1.0', made_at: '2026-01-02T03:04:05.678Z', config: 'steward.yml' };
const CONFIG = {
  path: 'files/steward.yml',
  body: 'exporter: { listen: "127.0.0.1:1" }\nremediator: { listen: "127.0.0.1:1" }\n',
};

let folder: TempFolder;
let from: string;
let to: string;
let archive: string;

beforeEach(async () => {
  folder = await createTempFolder('steward-refused');
  [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
  archive = join(folder.path, 'state.tar.gz');
  await mkdir(from);
  await mkdir(to);
  await writeFile(join(from, 'steward.yml'), CONFIG.body);
});
afterEach(() => folder.remove());

interface Part extends HeaderData {
  readonly body?: string;
}

/** A tar as a hand would write it, since no library writes such things. */
function tarOf(parts: readonly Part[]): Buffer {
  const blocks = parts.map(({ body = '', ...data }) => {
    const content = Buffer.from(body);
    const header = new Header({
      type: 'File',
      mode: 0o600,
      mtime: new Date(0),
      size: content.length,
      ...data,
    });
    const block = Buffer.alloc(512);
    header.encode(block);
    return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function write(parts: readonly Part[], manifest: object = MANIFEST): Promise<void> {
  await writeFile(
    archive,
    gzipSync(tarOf([{ path: 'manifest.json', body: JSON.stringify(manifest) }, ...parts])),
  );
}

async function expectRefused(reason: RegExp | string, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = steward(to, 'restore', ...args, archive);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(reason);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(await readdir(to)).toEqual([]);
}

describe('an archive that is as it should be', () => {
  test('is taken, so that each of those that are refused is for its own fault', async () => {
    await write([CONFIG, { path: 'files/secrets/ping_token', body: 'token' }]);
    expect(steward(to, 'restore', archive)).toMatchObject({ status: 0, stderr: '' });
    expect((await readdir(to)).sort()).toEqual(['secrets', 'steward.yml']);
  });
});

describe('refused is an archive', () => {
  test.each<{ what: string; part: Part; reason: string }>([
    { what: 'whose path is absolute', part: { path: '/etc/cron.d/x', body: 'x' }, reason: 'leads elsewhere' },
    { what: 'whose path leads up', part: { path: 'files/../../x', body: 'x' }, reason: 'leads elsewhere' },
    {
      what: 'whose path ends upwards',
      part: { path: 'files/secrets/..', type: 'Directory' },
      reason: 'leads elsewhere',
    },
    {
      what: 'with a backslash',
      part: { path: 'files/secrets/..\\\\x', body: 'x' },
      reason: 'leads elsewhere|none that',
    },
    { what: 'with a newline', part: { path: 'files/secrets/a\nb', body: 'x' }, reason: 'leads elsewhere' },
    {
      what: 'with a link',
      part: { path: 'files/secrets/a', type: 'SymbolicLink', linkpath: '/etc/passwd' },
      reason: 'neither file nor folder',
    },
    {
      what: 'with a hard link',
      part: { path: 'files/secrets/a', type: 'Link', linkpath: 'files/steward.yml' },
      reason: 'neither file nor folder',
    },
    {
      what: 'with a device',
      part: { path: 'files/secrets/a', type: 'CharacterDevice', devmaj: 1, devmin: 5 },
      reason: 'neither file nor folder',
    },
    {
      what: 'with a pipe',
      part: { path: 'files/secrets/a', type: 'FIFO' },
      reason: 'neither file nor folder',
    },
    {
      what: 'with a file that runs as its owner',
      part: { path: 'files/secrets/a', mode: 0o4755, body: 'x' },
      reason: 'has a mode',
    },
    {
      what: 'with a path of nowhere',
      part: { path: 'elsewhere/a', body: 'x' },
      reason: 'none that steward backup writes',
    },
    { what: 'with a file twice', part: { path: 'files/steward.yml', body: 'x' }, reason: 'is there twice' },
    {
      what: 'that brings a program',
      part: { path: 'files/cli/steward.js', body: 'x' },
      reason: 'does not name "cli/steward.js"',
    },
    {
      what: 'with a volume that has nowhere to go',
      part: { path: 'volumes/exporter/a', body: 'x' },
      reason: 'has volumes of docker-compose.yml',
    },
  ])('$what', async ({ part, reason }) => {
    await write([CONFIG, part]);
    await expectRefused(new RegExp(reason));
    await expectRefused(new RegExp(reason), '--overwrite');
  });

  test.each<{ what: string; manifest: object; reason: string }>([
    {
      what: 'of a newer version',
      manifest: { ...MANIFEST, version: '0.10.0' },
      reason: 'made by Steward 0.10.0, and this is 0.1.0',
    },
    { what: 'of a newer format', manifest: { ...MANIFEST, format: 2, more: 1 }, reason: 'made by Steward' },
    {
      what: 'whose manifest says too much',
      manifest: { ...MANIFEST, more: 1 },
      reason: 'is not as it should be',
    },
    {
      what: 'whose manifest leads elsewhere',
      manifest: { ...MANIFEST, config: '../x' },
      reason: 'is not as it should be',
    },
    {
      what: 'whose steward.yml is missing',
      manifest: { ...MANIFEST, config: 'other.yml' },
      reason: 'other.yml',
    },
  ])('$what', async ({ manifest, reason }) => {
    await write([CONFIG], manifest);
    await expectRefused(new RegExp(reason));
  });

  test('without a manifest, of another kind, or no archive at all', async () => {
    await writeFile(archive, gzipSync(tarOf([CONFIG])));
    await expectRefused('is no archive of steward backup');
    await writeFile(archive, 'plain text, and long enough to be looked at: '.repeat(100));
    await expectRefused('cannot be read as an archive');
    await writeFile(archive, '');
    await expectRefused(/cannot be read as an archive|is no archive/);
    await rm(archive);
    await expectRefused('cannot be read as an archive');
  });

  test('that is cut off, wherever', async () => {
    steward(from, 'secrets');
    steward(from, 'backup', archive);
    const whole = await readFile(archive);
    for (const share of [0.2, 0.5, 0.9, 0.999]) {
      await writeFile(archive, whole.subarray(0, Math.floor(whole.length * share)));
      await expectRefused(/cannot be read as an archive|is no archive/);
    }
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)] = 255 - (flipped[Math.floor(whole.length / 2)] ?? 0);
    await writeFile(archive, flipped);
    await expectRefused(/cannot be read as an archive|is no archive/);
  });
});

test('nothing is restored while the services run', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    const body = CONFIG.body.replace('"127.0.0.1:1"', `"127.0.0.1:${port}"`);
    await write([{ ...CONFIG, body }]);
    const { status, stderr } = await stewardBeside(to, 'restore', archive);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `something listens on 127.0.0.1:${port}: stop the exporter and the remediator, and then again\n`,
    });
    expect(await readdir(to)).toEqual([]);
  } finally {
    server.close();
  }
});

describe('no half archive is left', () => {
  /** What does not compress. */
  async function makeLarge(megabytes: number): Promise<void> {
    await mkdir(join(from, 'data/exporter'), { recursive: true });
    execFileSync(
      'dd',
      ['if=/dev/urandom', `of=${join(from, 'data/exporter/large')}`, 'bs=1M', `count=${megabytes}`],
      {
        stdio: 'ignore',
      },
    );
  }

  test('by a disk that is full', async () => {
    await makeLarge(4);
    const disk = join(folder.path, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const { status, stderr } = steward(from, 'backup', join(disk, 'state.tar.gz'));
      expect(status).toBe(1);
      expect(stderr).toMatch(/ENOSPC/);
      expect(await readdir(disk)).toEqual([]);
      expect(await readdir(join(from, 'data/exporter'))).toEqual(['large']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('by %s', async (signal) => {
    await makeLarge(200);
    const child = spawn(process.execPath, [script, 'backup', archive], { cwd: from, stdio: 'ignore' });
    const ended = once(child, 'exit');
    const beside = async () => (await readdir(folder.path)).filter((name) => name.startsWith('state.tar.gz'));
    await waitUntil(async () => (await beside()).length > 0, {
      what: 'the archive to be written',
      intervalMs: 5,
    });
    child.kill(signal);
    await ended;
    // What SIGKILL leaves is not under the name that was asked for, and is refused.
    const left = await beside();
    expect(left).toEqual(
      signal === 'SIGKILL' ? [expect.stringMatching(/^state\.tar\.gz\.[0-9a-f]{12}\.partial$/)] : [],
    );
    for (const name of left) expect(steward(to, 'restore', join(folder.path, name)).status).toBe(1);
    // The folder of state is tidied up by who read it, once nobody reads on.
    await waitUntil(async () => (await readdir(join(from, 'data/exporter'))).length === 1, {
      what: 'the folder to be tidied up',
    });
  });
});
