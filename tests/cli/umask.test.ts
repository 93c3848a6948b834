import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';

const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-umask');
});
afterEach(() => folder.remove());

/** Runs `steward` as in a shell that lets nobody else read what it makes. */
async function steward(...args: string[]): Promise<void> {
  const shell = ['sh', '-c', 'umask 077 && exec "$@"', 'sh'] as const;
  await runCommand([...shell, process.execPath, script, ...args], { cwd: folder.path });
}

/** What stands below a folder that other accounts cannot read, or, if it is a folder, cannot enter. */
async function closed(): Promise<string[]> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const needed = entry.isDirectory() ? 0o005 : 0o004;
    return ((await lstat(path)).mode & needed) === needed ? [] : [path.slice(folder.path.length + 1)];
  });
  return (await Promise.all(found)).flat();
}

test('steward init writes what containers can read, in a folder of secrets that nobody else may enter', async () => {
  await steward('init', '--yes', '--site', 'https://blog.invalid');
  expect(await closed()).toEqual(['secrets']);
});

test('steward secrets makes folders that containers can enter, where steward.yml names some', async () => {
  await writeFile(join(folder.path, 'steward.yml'), 'exporter: { password_file: secrets/own/of/exporter }\n');
  await steward('secrets');
  expect(await closed()).toEqual(['secrets']);
});

test.each(['rules', 'dashboards'])('steward %s writes what Prometheus and Grafana can read', async (name) => {
  await writeFile(join(folder.path, 'steward.yml'), '{}\n');
  await steward(name, 'own');
  expect(await closed()).toEqual([]);
});
