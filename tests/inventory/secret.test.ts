import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { readSecret, Secret } from '../../inventory/secret.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';

test('a secret prints as <secret>, however it is printed', () => {
  const secret = new Secret('hunter2');
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
  ];
  for (const text of printed) {
    expect(text).not.toContain('hunter2');
    expect(text).toContain('<secret>');
  }
});

test('a secret is read without the line break at its end', async () => {
  await using folder = await createTempFolder('steward-secret');
  await writeFile(join(folder.path, 'token'), 'hunter2\n');
  expect((await readSecret(join(folder.path, 'token'))).reveal()).toBe('hunter2');
});

test('an empty file is refused', async () => {
  await using folder = await createTempFolder('steward-secret');
  await writeFile(join(folder.path, 'token'), '\n');
  await expect(readSecret(join(folder.path, 'token'))).rejects.toThrow('is empty');
});

test('a missing file is named, with the command that makes it', async () => {
  await expect(readSecret('/nonexistent/token')).rejects.toThrow(/\/nonexistent\/token.*steward secrets/);
});

test.each([0o620, 0o602])('a file of mode %i, which others can change, is refused', async (mode) => {
  await using folder = await createTempFolder('steward-secret');
  const file = join(folder.path, 'token');
  await writeFile(file, 'hunter2');
  await chmod(file, mode);
  await expect(readSecret(file)).rejects.toThrow('run chmod go-w');
});

test('a file that all may read is taken: the folder around it keeps others out', async () => {
  await using folder = await createTempFolder('steward-secret');
  const file = join(folder.path, 'token');
  await writeFile(file, 'hunter2');
  await chmod(file, 0o444);
  expect((await readSecret(file)).reveal()).toBe('hunter2');
});

test('a folder, which Docker makes where a file to mount is missing, is refused', async () => {
  await using folder = await createTempFolder('steward-secret');
  await mkdir(join(folder.path, 'token'));
  await expect(readSecret(join(folder.path, 'token'))).rejects.toThrow('is not a file; `steward secrets`');
});

test('a file that is too long to be a secret is refused', async () => {
  await using folder = await createTempFolder('steward-secret');
  await writeFile(join(folder.path, 'token'), 'x'.repeat(64 * 1024 + 1));
  await expect(readSecret(join(folder.path, 'token'))).rejects.toThrow('longer than 64 KiB');
});

test('a variable is read by its name', async () => {
  process.env['STEWARD_TEST_SECRET'] = 'hunter2';
  expect((await readSecret('env:STEWARD_TEST_SECRET')).reveal()).toBe('hunter2');
  delete process.env['STEWARD_TEST_SECRET'];
  await expect(readSecret('env:STEWARD_TEST_SECRET')).rejects.toThrow('is not set');
});
