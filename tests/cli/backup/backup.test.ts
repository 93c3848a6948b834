import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeAlert } from '../../remediator/alerts.ts';
import { steward } from '../../helpers/steward-command.ts';

const script = fileURLToPath(new URL('../../remediator/store/accept-for-ever.ts', import.meta.url));

let folder: TempFolder;
let from: string;
let to: string;
let archive: string;
let writer: RunningProcess | undefined;

beforeEach(async () => {
  folder = await createTempFolder('steward-backup');
  [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
  archive = join(folder.path, 'state.tar.gz');
  await mkdir(join(from, 'data/exporter/deep'), { recursive: true });
  await mkdir(to);
  await writeFile(
    join(from, 'steward.yml'),
    'notify: { webhook: { url: "http://127.0.0.1:1", secret_file: own/key } }\nexporter: { listen: "127.0.0.1:1" }\nremediator: { listen: "127.0.0.1:1" }\n',
  );
  steward(from, 'secrets');
  await mkdir(join(from, 'own'));
  await writeFile(join(from, 'own/key'), 'a password\n', { mode: 0o400 });
  await writeFile(join(from, 'data/exporter/deep/kept.json'), '{"kept":true}\n', { mode: 0o600 });
});
afterEach(async () => {
  await writer?.stop();
  writer = undefined;
  await folder.remove();
});

/** A process that writes the journal without end; returns the runs that it was answered with. */
async function startWriting(): Promise<() => Promise<string[]>> {
  const log = join(folder.path, 'log');
  const argv = [process.execPath, script, join(from, 'data/remediator/journal.sqlite')] as const;
  writer = await startProcess({ name: 'writer', argv, logFile: log });
  const ids = async () => (await readFile(log, 'utf8')).match(/^[0-9a-f-]+$/gm) ?? [];
  await waitUntil(async () => (await ids()).length > 50, { what: 'the journal to be written' });
  return ids;
}

async function runsIn(place: string): Promise<Set<string>> {
  const journal = await openSqliteJournal(join(place, 'data/remediator/journal.sqlite'), (error) => {
    throw error;
  });
  const runs = await journal.runs(1_000_000);
  await journal.close();
  return new Set(runs.map(({ id }) => id));
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('steward backup and restore', () => {
  test('what was answered before the backup is in the journal that was restored, while the journal is written on', async () => {
    const answered = await startWriting();
    const before = await answered();
    expect(steward(from, 'backup', archive)).toMatchObject({ status: 0, stderr: '' });
    const after = await answered();
    await waitUntil(async () => (await answered()).length > after.length, { what: 'the writer to go on' });

    expect(steward(to, 'restore', archive)).toMatchObject({ status: 0, stderr: '' });
    const restored = await runsIn(to);
    expect(before.filter((id) => !restored.has(id))).toEqual([]);
    const left = (await readdir(join(from, 'data/remediator'))).filter((name) => name.includes('backup'));
    expect(left).toEqual([]);
    // What restore puts back is what a backup of it has again.
    expect(await tree(to)).toEqual(await tree(from));
  });

  test('files that are replaced all the while are saved', async () => {
    const replace = `
      const { renameSync, writeFileSync } = require('node:fs');
      const names = Array.from({ length: 300 }, (_, index) => process.argv[1] + '/' + index);
      for (let round = 0; ; round += 1) {
        for (const name of names) writeFileSync(name + '.new', String(round));
        for (const name of names) renameSync(name + '.new', name);
        if (round === 0) console.log('all are there');
      }`;
    const argv = [process.execPath, '-e', replace, join(from, 'data/exporter/deep')] as const;
    writer = await startProcess({ name: 'writer', argv, logFile: join(folder.path, 'log') });
    await waitUntil(async () => (await readFile(join(folder.path, 'log'), 'utf8')) !== '', {
      what: 'the files to be there',
    });
    expect(steward(from, 'backup', archive)).toMatchObject({ status: 0, stderr: '' });
    steward(to, 'restore', archive);
    const restored = await readdir(join(to, 'data/exporter/deep'));
    expect(restored.filter((name) => /^\d+$/.test(name))).toHaveLength(300);
  });

  test('what so far stands in the log of the journal alone is saved, too', async () => {
    const journal = await openSqliteJournal(join(from, 'data/remediator/journal.sqlite'), (error) => {
      throw error;
    });
    const [id] = await journal.accept([makeAlert({}, {})], new Date());
    steward(from, 'backup', archive);
    await journal.close();
    steward(to, 'restore', archive);
    expect(await runsIn(to)).toEqual(new Set([id]));
  });

  test('all files come back with their modes, the archive is for its owner alone, and it is told as JSON', async () => {
    const { status, stdout, stderr } = steward(from, 'backup', '--json', archive);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const told = JSON.parse(stdout) as { bytes: number };
    expect(told).toMatchObject({ archive, left_out: [] });
    expect(told.bytes).toBe((await stat(archive)).size);
    expect(await modeOf(archive)).toBe('600');

    const restored = steward(to, 'restore', '--json', archive);
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(restored.stdout)).toMatchObject({ folder: to, volumes: [] });
    expect(await tree(to)).toEqual(await tree(from));
    expect(await modeOf(join(to, 'secrets'))).toBe('700');
    expect(await modeOf(join(to, 'secrets/ping_token'))).toBe('444');
    expect(await readFile(join(to, 'own/key'), 'utf8')).toBe('a password\n');
    expect(await readFile(join(to, 'data/exporter/deep/kept.json'), 'utf8')).toBe('{"kept":true}\n');
  });

  test('what steward.yml names elsewhere is told, and a secret that is a link comes as the file that it leads to', async () => {
    await writeFile(join(folder.path, 'elsewhere'), 'secret\n');
    await symlink(join(folder.path, 'elsewhere'), join(from, 'secrets/notify/telegram_token'));
    await writeFile(join(from, 'steward.yml'), 'exporter: { password_file: ../elsewhere }\n');
    const { status, stderr } = steward(from, 'backup', archive);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `warning: not in the archive: ${join(folder.path, 'elsewhere')}\n`,
    });
    steward(to, 'restore', archive);
    expect((await readFile(join(to, 'secrets/notify/telegram_token'))).toString()).toBe('secret\n');
  });

  test('nothing is overwritten, by neither, without being told to', async () => {
    await writeFile(archive, 'something else');
    expect(steward(from, 'backup', archive)).toMatchObject({
      status: 1,
      stderr: `${archive} is there already, and stays as it is: name another file\n`,
    });
    expect(await readFile(archive, 'utf8')).toBe('something else');

    const good = join(folder.path, 'good.tar.gz');
    steward(from, 'backup', good);
    await mkdir(join(to, 'secrets'));
    await writeFile(join(to, 'secrets/ping_token'), 'mine');
    await mkdir(join(to, 'data/exporter/deep'), { recursive: true });
    // What is the same is in nobody's way.
    await writeFile(join(to, 'data/exporter/deep/kept.json'), '{"kept":true}\n');
    const before = await tree(to);
    expect(steward(to, 'restore', good)).toMatchObject({
      status: 1,
      stderr: 'secrets/ping_token is there already\nnothing was changed; --overwrite replaces it\n',
    });
    expect(await tree(to)).toEqual(before);
    expect(await readFile(join(to, 'secrets/ping_token'), 'utf8')).toBe('mine');

    expect(steward(to, 'restore', '--overwrite', good)).toMatchObject({ status: 0, stderr: '' });
    expect(await readFile(join(to, 'secrets/ping_token'))).toEqual(
      await readFile(join(from, 'secrets/ping_token')),
    );
  });

  test(`a journal that is put in another one's place takes nothing of its log`, async () => {
    await startWriting();
    steward(from, 'backup', archive);
    // Killed, so that the log stays, and holds what came after the backup.
    writer?.kill('SIGKILL');
    await writer?.ended;
    expect(await readdir(join(from, 'data/remediator'))).toContain('journal.sqlite-wal');
    expect(steward(from, 'restore', '--overwrite', archive)).toMatchObject({ status: 0 });
    steward(to, 'restore', archive);
    expect(await runsIn(from)).toEqual(await runsIn(to));
  });
});

/** Every path below a folder, with its mode, without what a journal that is open has beside it. */
async function tree(place: string): Promise<string[]> {
  const beside = /(?:-wal|-shm|\.lock|\.lock-journal)$/;
  const found = (await readdir(place, { recursive: true })).filter((path) => !beside.test(path));
  const lines = await Promise.all(found.map(async (path) => `${await modeOf(join(place, path))} ${path}`));
  return lines.sort((one, other) => one.slice(4).localeCompare(other.slice(4)));
}
