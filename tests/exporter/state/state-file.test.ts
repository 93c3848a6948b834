import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openStateFile } from '../../../exporter/state/state-file.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let folder: TempFolder;
let damage: string[];
beforeEach(async () => {
  folder = await createTempFolder('steward-state');
  damage = [];
});
afterEach(() => folder.remove());
const schema = z.object({ n: z.number() });
const open = (path = folder.path) => openStateFile(path, 'a.json', schema, (message) => damage.push(message));

test('gives back what was saved last, and makes its folder', async () => {
  const file = open(join(folder.path, 'new/deep'));
  expect(await file.load()).toBeUndefined();
  await file.save({ n: 1 });
  await file.save({ n: 2 });
  expect(await file.load()).toEqual({ n: 2 });
  expect(await readdir(join(folder.path, 'new/deep'))).toEqual(['a.json']);
});

test.each([
  ['nothing', ''],
  ['half', '{"n":'],
  ['other JSON', '{"n":"x"}'],
  ['no text', '\u0000\ufffd'],
])('a file with %s in it is put aside and reported', async (_name, content) => {
  await writeFile(join(folder.path, 'a.json'), content);
  expect(await open().load()).toBeUndefined();
  expect(await readFile(join(folder.path, 'a.json.damaged'), 'utf8')).toBe(content);
  expect(damage).toEqual([expect.stringContaining('a.json.damaged')]);
  await open().save({ n: 3 });
  expect(await open().load()).toEqual({ n: 3 });
});

test('a save that fails leaves what was there, and nothing beside it', async () => {
  await open().save({ n: 1 });
  await expect(open().save({ n: 2n } as never)).rejects.toThrow('BigInt');
  expect(await open().load()).toEqual({ n: 1 });
  expect(await readdir(folder.path)).toEqual(['a.json']);
});

test('a folder that cannot be made, and a file that cannot be read, are errors', async () => {
  await writeFile(join(folder.path, 'file'), '');
  await expect(open(join(folder.path, 'file')).save({ n: 1 })).rejects.toMatchObject({ code: 'EEXIST' });
  await mkdir(join(folder.path, 'a.json'));
  await expect(open().load()).rejects.toMatchObject({ code: 'EISDIR' });
  expect(damage).toEqual([]);
});
