import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IMAGE_FLAGS, IMAGE_MALLOC } from '../../lab/stack/servers.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
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

describe('what the page copies to /opt/steward is enough for', () => {
  const node = process.execPath;
  let installed: string;
  let etc: string;

  beforeAll(async () => {
    const clone = join(folder.path, 'clone');
    installed = join(folder.path, 'opt/steward');
    etc = join(folder.path, 'etc');
    await cp('.', clone, {
      recursive: true,
      filter: (source) => !/^(?:node_modules|\.git|dist)$/.test(source),
    });
    await symlink(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
    await mkdir(etc);
    await writeFile(join(etc, 'steward.yml'), 'jobs: { backup: { every: 24h } }\n');
    await runCommand([node, 'cli/strip.ts'], { cwd: clone });
    const lines = page.match(/^ {4}(?:install -d|cp -r|chmod -R) .*\/opt\/steward.*$/gm) ?? [];
    const script = lines.join('\n').replaceAll('/opt/steward', installed);
    await runCommand(['sh', '-ec', script], { cwd: clone });
  });

  test.each([['secrets'], ['check'], ['rules', 'own-rules'], ['dashboards', 'own-dashboards']])(
    'steward %s',
    (...words) => {
      const { status, stderr } = spawnSync(node, [join(installed, 'cli/steward.js'), ...words], {
        cwd: etc,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
    },
  );

  test.each(names)('the %s', async (name) => {
    const { stdout } = await runCommand([node, join(installed, `dist/${name}/main.js`), '--help'], {
      cwd: etc,
    });
    expect(stdout).toMatch(/^Usage: /);
  });
});
