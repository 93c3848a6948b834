import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadInventory } from '../../inventory/load.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { startHostView, type HostView } from '../helpers/host-view.ts';
import { steward } from '../helpers/steward-command.ts';

const wicked = [
  'new\nline: x\nhosts: {}',
  `quo"te' #{}: [a`,
  '\u001b[31mred\u202e',
  '*alias &anchor !!js',
  '- dash',
];

let folder: TempFolder;
let view: HostView;
beforeAll(async () => {
  folder = await createTempFolder('steward-init-hostile');
  view = await startHostView(folder.path, ['/srv', '/var/www', '/opt', '/home']);
  const site = (name: string) => join(view.at('/var/www'), name);
  for (const [index, name] of wicked.entries()) {
    await mkdir(join(site(name), 'wp-includes'), { recursive: true });
    await writeFile(
      join(site(name), 'wp-config.php'),
      `<?php\ndefine( 'WP_HOME', 'https://s${index}.example.com' );\n`,
    );
    await writeFile(
      join(site(name), 'wp-includes/version.php'),
      `<?php\n$wp_version = '6.1\u001b]0;"#\\n: &x';\n`,
    );
  }
  await cp(site(wicked[1] ?? ''), site('copy'), { recursive: true });
});
afterAll(async () => {
  await view.stop();
  await folder.remove();
});

test('what a host names in a hostile way stays inert in steward.yml and on the terminal', async () => {
  const server = [
    '--host',
    `web1=root@127.0.0.1:${view.sshd.port}`,
    '--host-key',
    view.sshd.hostKeyFingerprint,
  ];
  const { status, stdout, stderr } = steward(folder.path, 'init', ...server, '--key', view.keyFile, '--yes');
  expect(status).toBe(0);
  expect(stdout + stderr).toMatch(/^[ -~\n]*$/);
  const file = join(folder.path, 'steward.yml');
  expect(await readFile(file, 'utf8')).toMatch(/^[ -~\n]*$/);
  const loaded = await loadInventory(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { hosts, sites } = loaded.inventory;
  expect(Object.keys(hosts)).toEqual(['web1']);
  expect(Object.fromEntries(Object.entries(sites).map(([id, { url }]) => [id, url]))).toEqual(
    Object.fromEntries([1, 3, 4].map((index) => [`s${index}-example-com`, `https://s${index}.example.com/`])),
  );
  const paths = Object.values(sites).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining([3, 4].map((index) => `/var/www/${wicked[index] ?? ''}`)));
  expect(stderr).toMatch(
    /left out: site s0-example-com: sites\.s0-example-com\.path is "\/var\/www\/new\\nline/,
  );
  expect(stderr).toMatch(/ has the address of .*, so that it may be a copy\n/);
});
