import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { root } from '../../compose/compose.ts';
import { makeFakeDocker, type FakeDocker } from '../../helpers/fake-docker.ts';
import { steward } from '../../helpers/steward-command.ts';

const SHIPPED = ['docker-compose.yml', 'prometheus/prometheus.yml', 'alertmanager/alertmanager.yml'];
const SCALE = 'COMPOSE_PROFILES=scale\n';

let folder: TempFolder;
let docker: FakeDocker;
let from: string;
let to: string;
let archive: string;

beforeEach(async () => {
  folder = await createTempFolder('steward-clone');
  docker = await makeFakeDocker(folder.path);
  archive = join(folder.path, 'state.tar.gz');
  [from, to] = await Promise.all([makeClone('from'), makeClone('to')]);
  await writeFile(join(from, 'steward.yml'), '{}\n');
  steward(from, 'secrets');
  await mkdir(join(folder.path, 'state'));
  await writeFile(join(folder.path, 'state/kept'), 'kept');
});
afterEach(() => folder.remove());

/** A clone with what matters here. */
async function makeClone(name: string): Promise<string> {
  const clone = join(folder.path, name);
  for (const path of SHIPPED) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await cp(join(root, path), join(clone, path));
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', clone, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'as shipped');
  return clone;
}

/** Saves `from`, where the engine has some volumes. */
async function save(...volumes: string[]): Promise<void> {
  const has = (name: string) => [`'volume ls --quiet --filter name=^${name}$'`, `echo ${name}`] as const;
  await docker.answers({
    ...Object.fromEntries(volumes.map(has)),
    "'image ls'*": 'echo 1',
    "'run '*": `cat >/dev/null; tar -C '${join(folder.path, 'state')}' -cf - .`,
  });
  expect(await docker.steward(from, 'backup', archive)).toMatchObject({ status: 0, stderr: '' });
  await docker.answers({ "'run '*": 'cat >/dev/null' });
}

async function restore(...args: string[]) {
  const { status, stdout, stderr } = await docker.steward(to, 'restore', '--json', ...args, archive);
  const { volumes = [] } = (stdout === '' ? {} : JSON.parse(stdout)) as { volumes?: string[] };
  return { status, stderr, volumes: [...volumes].sort() };
}

test('volumes of a profile that the archive itself turns on come back into a new clone', async () => {
  await writeFile(join(from, '.env'), SCALE);
  await save('steward_alertmanager', 'steward_alertmanager-2');
  const volumes = ['steward_alertmanager', 'steward_alertmanager-2'];
  expect(await restore()).toMatchObject({ status: 0, volumes });
  expect(await readFile(join(to, '.env'), 'utf8')).toBe(SCALE);
  const calls = await docker.calls();
  expect(calls).toContain(`compose --project-directory ${to} create alertmanager alertmanager-2`);
  expect(calls.at(-1)).toContain('--volume steward_alertmanager-2:/state');
});

test('an override and a name of the project in the archive count before they are in place', async () => {
  await writeFile(join(from, '.env'), 'COMPOSE_PROJECT_NAME=mine\n');
  const override = 'volumes: { exporter: { name: elsewhere } }\n';
  await writeFile(join(from, 'docker-compose.override.yml'), override);
  await save('elsewhere', 'mine_remediator');
  expect(await restore()).toMatchObject({ status: 0, volumes: ['elsewhere', 'mine_remediator'] });
  expect(await readFile(join(to, 'docker-compose.override.yml'), 'utf8')).toBe(override);
});

test('a volume that is there under the name that the archive says is in the way', async () => {
  await writeFile(join(from, '.env'), 'COMPOSE_PROJECT_NAME=mine\n');
  await save('mine_exporter');
  await docker.answers({ "'volume ls'*": 'echo mine_exporter' });
  expect(await restore()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('the volume mine_exporter is there already\n'),
  });
});

test('what the operator had changed takes the place of what a new clone has, and of nothing that was changed there', async () => {
  const changed = join('alertmanager', 'alertmanager.yml');
  await writeFile(join(from, changed), 'route: { receiver: me }\n');
  await save('steward_exporter');
  await writeFile(join(to, 'prometheus/prometheus.yml'), 'mine\n');
  expect(await restore()).toMatchObject({
    status: 1,
    stderr: 'prometheus/prometheus.yml is there already\nnothing was changed; --overwrite replaces it\n',
  });
  execFileSync('git', ['-C', to, 'checkout', '--quiet', '.']);
  expect(await restore()).toMatchObject({
    status: 0,
    stderr: `${changed} is the one of the archive now: git diff shows what differs\nfilled steward_exporter\n`,
  });
  expect(await readFile(join(to, changed), 'utf8')).toBe('route: { receiver: me }\n');
});

test('without git nothing that differs is taken for what was shipped', async () => {
  await writeFile(join(from, 'alertmanager/alertmanager.yml'), 'route: { receiver: me }\n');
  await save('steward_exporter');
  await docker.forget('git');
  expect(await restore()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^alertmanager\/alertmanager.yml is there already\n/),
  });
});
