import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IMAGE_FLAGS, IMAGE_MALLOC } from '../../lab/stack/servers.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';

const names = ['exporter', 'remediator'] as const;
const page = await readFile('docs/install-systemd.md', 'utf8');
let folder: TempFolder;

beforeAll(async () => {
  folder = await createTempFolder('steward-systemd');
  await mkdir(join(folder.path, 'units'));
});
afterAll(() => folder.remove());

/** The unit as it is shipped, but with a Node that is there. */
async function unitWithNode(name: string): Promise<string> {
  const shipped = await readFile(`systemd/steward-${name}.service`, 'utf8');
  const file = join(folder.path, 'units', `steward-${name}.service`);
  await writeFile(file, shipped.replaceAll('/usr/bin/node', process.execPath));
  await chmod(file, 0o644);
  return file;
}

test.each(names)('systemd takes the unit of the %s without a complaint', async (name) => {
  const file = await unitWithNode(name);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each(names)('the %s has the exposure level that the page states', async (name) => {
  const file = await unitWithNode(name);
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=yes', file], { encoding: 'utf8' });
  const [, level] = /exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
  expect(Number(level)).toBe(1.3);
  expect(page).toContain('the exposure level 1.3 of 10');
});

test.each(names)('the unit starts the %s as its image does, and may write just its data', async (name) => {
  const unit = await readFile(`systemd/steward-${name}.service`, 'utf8');
  expect(unit).toContain(`Environment=NODE_ENV=production ${IMAGE_MALLOC}\n`);
  expect(unit).toContain(
    `ExecStart=/usr/bin/node ${IMAGE_FLAGS[name].join(' ')} /opt/steward/dist/${name}/main.js --config /etc/steward/steward.yml\n`,
  );
  expect(unit.match(/^ReadWritePaths=.*$/gm)).toEqual([`ReadWritePaths=/etc/steward/data/${name}`]);
  const foreign = name === 'exporter' ? 'act' : 'read';
  expect(unit).toContain(`InaccessiblePaths=-/etc/steward/secrets/${foreign}\n`);
});
