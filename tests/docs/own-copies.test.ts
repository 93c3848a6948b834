import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { resolveStack, root } from '../compose/compose.ts';

const page = await readFile(join(root, 'docs/backup.md'), 'utf8');
const section = page.slice(page.indexOf('### Files that you change'), page.indexOf('## Uninstall'));
const [copies = '', settings = ''] = [...section.matchAll(/```sh\n([^`]*)```/g)].map(([, text]) => text);

test('git sees nothing of the copies that docs/backup.md makes', async () => {
  await using folder = await createTempFolder('steward-copies');
  const shipped = copies
    .split(' ')
    .filter((word) => /^\w+\/\w+\.yml$/.test(word) && !word.endsWith('/own.yml'));
  expect(shipped).toHaveLength(2);
  for (const path of ['.gitignore', ...shipped]) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await cp(join(root, path), join(folder.path, path));
  }
  const inClone = (command: string) =>
    execFileSync('sh', ['-euc', command], { cwd: folder.path, encoding: 'utf8' });
  inClone('git init -q && git add . && git -c user.name=a -c user.email=a@b commit -qm shipped');
  inClone(copies);
  inClone('echo STEWARD_ALERTMANAGER_CONFIG=own.yml >.env; touch docker-compose.override.yml steward.yml');
  expect(inClone('git status --porcelain --untracked-files=all')).toBe('');
});

test('and they are what Prometheus and both Alertmanagers read then', async () => {
  const { stack } = await resolveStack([...settings.trim().split('\n'), 'COMPOSE_PROFILES=scale']);
  for (const [name, folder] of [
    ['alertmanager', 'alertmanager'],
    ['alertmanager-2', 'alertmanager'],
    ['prometheus', 'prometheus'],
  ] as const) {
    expect(stack.services[name]?.command).toContain(`--config.file=/etc/${folder}/own.yml`);
    expect(stack.services[name]?.volumes).toContainEqual(
      expect.objectContaining({ source: join(root, folder), target: `/etc/${folder}` }),
    );
  }
});
