import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readableProblems } from '../../cli/before-up/readable.ts';
import type { ComposeConfig } from '../../cli/compose-config.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-readable');
  for (const path of ['prometheus/rules', 'secrets/read']) await mkdir(at(path), { recursive: true });
  for (const path of ['steward.yml', 'prometheus/rules/site.yml', 'secrets/read/web1'])
    await writeFile(at(path), '');
  await runCommand(['chmod', '-R', 'u=rwX,go=rX', folder.path]);
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** What is mounted of the folder: a file, a folder, and one of secrets. */
function problems(): Promise<string[]> {
  const service = { ports: [], secrets: [], configs: [], volumes: [] };
  const bind = (source: string, target: string) => ({ type: 'bind', source: at(source), target });
  const config: ComposeConfig = {
    name: 'steward',
    services: {
      exporter: {
        ...service,
        configs: [{ source: 'steward.yml' }],
        volumes: [
          bind('secrets/read', '/etc/steward/secrets/read'),
          { type: 'volume', source: 'exporter', target: '/data' },
          // The machine itself: its modes are its own.
          { type: 'bind', source: '/', target: '/host' },
        ],
      },
      prometheus: { ...service, volumes: [bind('prometheus', '/etc/prometheus')] },
    },
    volumes: {},
    secrets: {},
    configs: { 'steward.yml': { file: at('steward.yml') } },
  };
  return readableProblems(config, at('secrets'));
}

test('what containers can read is no problem', async () => {
  expect(await problems()).toEqual([]);
});

test.each([
  { path: 'steward.yml', mode: 0o600, from: 'steward.yml' },
  { path: 'prometheus/rules/site.yml', mode: 0o640, from: 'prometheus' },
  { path: 'prometheus/rules', mode: 0o754, from: 'prometheus' },
  { path: 'prometheus', mode: 0o700, from: 'prometheus' },
  { path: 'secrets/read', mode: 0o700, from: 'secrets/read' },
])('$path with the mode $mode is, until what is said is done', async ({ path, mode, from }) => {
  await chmod(at(path), mode);
  const mended = `chmod -R go+rX ${at(from)}`;
  expect(await problems()).toEqual([`no container can read ${at(path)}, as its mode is: ${mended}`]);
  await runCommand(['sh', '-c', mended]);
  expect(await problems()).toEqual([]);
});

test('of a single secret, others tell', async () => {
  await chmod(at('secrets/read/web1'), 0o400);
  expect(await problems()).toEqual([]);
});
