import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

test('a volume that cannot be read is told with what its reader said', async () => {
  await docker.answers({
    "'volume ls --quiet --filter name=^steward_exporter$'": 'echo steward_exporter',
    "'image ls'*": 'echo 1',
    "'run '*": 'cat >/dev/null; echo "the disk has no room" >&2; exit 1',
  });
  expect(await docker.steward(from, 'backup', archive)).toMatchObject({
    status: 1,
    stderr: 'the volume steward_exporter cannot be read: the disk has no room\n',
  });
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

test('copies of configurations that are the operator’s own come along', async () => {
  for (const name of ['alertmanager', 'prometheus']) await writeFile(join(from, name, 'own.yml'), name);
  await save('steward_exporter');
  expect(await restore()).toMatchObject({ status: 0, stderr: 'filled steward_exporter\n' });
  for (const name of ['alertmanager', 'prometheus'])
    expect(await readFile(join(to, name, 'own.yml'), 'utf8')).toBe(name);
});

describe('with the journal in the database of the profile postgres', () => {
  const inStack = 'postgres://me@postgres:5432/runs';
  const setUp = async (journal: string) => {
    await writeFile(join(from, 'steward.yml'), `remediator: { journal: '${journal}' }\n`);
    await writeFile(join(from, '.env'), 'COMPOSE_PROFILES=postgres\n');
  };

  test('its dump is in the archive, and fills a new database before anything else runs', async () => {
    await setUp(inStack);
    await docker.answers({ "*' exec -T postgres pg_dump '*": 'printf "a\\000dump"' });
    expect(await docker.steward(from, 'backup', '--json', archive)).toMatchObject({
      stdout: expect.stringContaining('"left_out":[]'),
    });
    expect((await docker.calls()).at(-1)).toBe(
      `compose --project-directory ${from} exec -T postgres pg_dump --username=me --format=custom runs`,
    );

    const loaded = join(folder.path, 'loaded');
    const attempts = join(folder.path, 'attempts');
    await docker.answers({
      // It is not there at the first look.
      "*' pg_isready '*": `if [ ! -e '${attempts}' ]; then : >'${attempts}'; exit 2; fi`,
      "*' pg_restore '*": `cat >'${loaded}'`,
    });
    const before = (await docker.calls()).length;
    expect(await restore()).toMatchObject({ status: 0, volumes: ['steward_postgres'] });
    expect((await readFile(loaded)).toString('latin1')).toBe('a\0dump');
    const project = `compose --project-directory ${to}`;
    const ready = `${project} exec -T postgres pg_isready --quiet --host=127.0.0.1 --username=me`;
    const calls = (await docker.calls()).slice(before);
    expect(calls.slice(calls.indexOf(`${project} rm --force --stop postgres`))).toEqual([
      `${project} rm --force --stop postgres`,
      'volume rm --force steward_postgres',
      `${project} up --detach postgres`,
      ready,
      ready,
      `${project} exec -T postgres pg_restore --username=me --dbname=runs --no-owner --single-transaction --exit-on-error`,
      `${project} stop postgres`,
    ]);
  });

  test('a database that is there already is in the way', async () => {
    await setUp(inStack);
    await docker.steward(from, 'backup', archive);
    await docker.answers({ "'volume ls '*'=^steward_postgres$'": 'echo steward_postgres' });
    expect(await restore()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the volume steward_postgres is there already\n'),
    });
    expect((await docker.calls()).filter((call) => call.startsWith('volume rm'))).toEqual([]);
  });

  test('no archive is written where the database cannot be read, and what fails at its filling is told', async () => {
    await setUp(inStack);
    await docker.answers({ "*' pg_dump '*": 'echo "service is not running" >&2; exit 1' });
    expect(await docker.steward(from, 'backup', archive)).toMatchObject({
      status: 1,
      stderr: `the journal's database cannot be saved: service is not running; it has to run: docker compose up --detach postgres\n`,
    });
    await docker.answers({ "*' pg_restore '*": 'echo "no space" >&2; exit 1' });
    expect(await docker.steward(from, 'backup', archive)).toMatchObject({ status: 0 });
    expect(await restore()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/could not be filled: no space; .*--overwrite/),
    });
  });

  test('one elsewhere is left to pg_dump, and the command says so', async () => {
    await setUp('postgres://me@db.example.com/runs');
    expect(await docker.steward(from, 'backup', archive)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(
        'warning: not in the archive: the journal, postgres://me@db.example.com/runs: save it there with pg_dump\n',
      ),
    });
  });
});
