import { writeFile } from 'node:fs/promises';
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

test('a variable is read by its name', async () => {
  process.env['STEWARD_TEST_SECRET'] = 'hunter2';
  expect((await readSecret('env:STEWARD_TEST_SECRET')).reveal()).toBe('hunter2');
  delete process.env['STEWARD_TEST_SECRET'];
  await expect(readSecret('env:STEWARD_TEST_SECRET')).rejects.toThrow('is not set');
});
