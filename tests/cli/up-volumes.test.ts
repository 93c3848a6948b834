import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { SQLITE_SCHEMA } from '../../remediator/store/sqlite-database.ts';
import { root } from '../compose/compose.ts';
import { makeFakeDocker, type FakeDocker } from '../helpers/fake-docker.ts';
import { steward } from '../helpers/steward-command.ts';

const SOUND = { "'version --format'*": 'echo 20.10.24', "'compose version'*": 'echo 2.40.3' };
const WITH_VOLUME = {
  ...SOUND,
  "'volume ls '*'=^steward_remediator$'": 'echo steward_remediator',
};

let folder: TempFolder;
let docker: FakeDocker;
beforeEach(async () => {
  folder = await createTempFolder('steward-up-volumes');
  await writeFile(join(folder.path, 'steward.yml'), 'jobs: { backup: { every: 24h } }\n');
  steward(folder.path, 'secrets');
  await copyFile(join(root, 'docker-compose.yml'), join(folder.path, 'docker-compose.yml'));
  docker = await makeFakeDocker(folder.path);
});
afterEach(() => folder.remove());

async function up() {
  const end = await docker.steward(folder.path, 'up', '--', 'remediator');
  const calls = await docker.calls();
  return { ...end, wasStarted: calls.some((call) => call.includes(' up ')), calls };
}

describe('before anything starts', () => {
  test('a volume of a newer Steward is told in one line', async () => {
    await docker.answers({ ...WITH_VOLUME, "'image ls '*": 'echo 1', "'run '*": 'echo 99' });
    expect(await up()).toMatchObject({
      status: 1,
      stdout: `the volume steward_remediator was written by a newer Steward (schema 99; this one knows ${SQLITE_SCHEMA}): install that one again, or steward restore --overwrite a backup of before the upgrade\n`,
      stderr: 'nothing was started\n',
      wasStarted: false,
    });
  });

  test.each([
    { what: 'of this one', answer: `echo ${SQLITE_SCHEMA}` },
    { what: 'of an older one', answer: 'echo 1' },
    { what: 'without a journal', answer: 'true' },
  ])('a volume $what is in nobody’s way', async ({ answer }) => {
    await docker.answers({ ...WITH_VOLUME, "'image ls '*": 'echo 1', "'run '*": answer });
    expect(await up()).toMatchObject({ status: 0, stdout: '', wasStarted: true });
  });

  test('a volume that cannot be read is told', async () => {
    await docker.answers({
      ...WITH_VOLUME,
      "'image ls '*": 'echo 1',
      "'run '*": 'echo "file is not a database" >&2; exit 1',
    });
    expect(await up()).toMatchObject({
      stdout: 'the volume steward_remediator cannot be read: file is not a database\n',
      wasStarted: false,
    });
  });

  test('the image that looks into it is made first where it is missing', async () => {
    await docker.answers({ ...WITH_VOLUME, "'run '*": 'echo 99' });
    const { calls, wasStarted } = await up();
    const create = calls.indexOf(`compose --project-directory ${folder.path} create remediator`);
    expect(create).toBeGreaterThan(0);
    expect(calls.findIndex((call) => call.startsWith('run '))).toBeGreaterThan(create);
    expect(wasStarted).toBe(false);
  });
});

describe('after the start', () => {
  const container = (service: string, Status: string, health?: string) => ({
    State: { Status, ...(health === undefined ? {} : { Health: { Status: health } }) },
    Config: { Labels: { 'com.docker.compose.service': service } },
  });
  /** What the engine shows at each look; the last one is shown ever after. */
  async function show(...looks: object[][]): Promise<void> {
    for (const [index, look] of looks.entries())
      await writeFile(join(folder.path, `look-${index}`), JSON.stringify(look));
    const state = join(folder.path, 'look');
    const next = `n=0; if [ -e '${state}' ]; then read -r n <'${state}'; fi
if [ -e "${state}-$((n + 1))" ]; then echo $((n + 1)) >'${state}'; else echo $n >'${state}'; fi
cat "${state}-$n"`;
    await docker.answers({
      ...SOUND,
      "*' ps --all --quiet'": 'echo one; echo two',
      "'inspect one two'": next,
      "*' logs '*": 'echo "the last line"',
    });
  }

  test('it waits until all are healthy', async () => {
    await show(
      [container('remediator', 'created', 'starting')],
      [container('remediator', 'running', 'starting'), container('remediator', 'running')],
      [container('remediator', 'running', 'healthy'), container('remediator', 'running')],
    );
    const { status, stdout, calls } = await up();
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(calls.filter((call) => call.startsWith('inspect '))).toHaveLength(3);
  });

  test.each([
    { state: 'unhealthy', shown: container('remediator', 'running', 'unhealthy') },
    { state: 'exited', shown: container('remediator', 'exited', 'unhealthy') },
    { state: 'restarting', shown: container('remediator', 'restarting', 'unhealthy') },
    { state: 'exited', shown: container('remediator', 'exited') },
  ])('one that is $state is told with the last line of its log', async ({ state, shown }) => {
    await show([container('remediator', 'running', 'starting')], [shown]);
    expect(await up()).toMatchObject({
      status: 1,
      stdout: `remediator is not healthy (${state}): the last line\n`,
      stderr: expect.stringContaining('docker compose logs'),
    });
  });

  test('one that was started again once is waited for, and one that is not of this start is not', async () => {
    const other = container('grafana', 'exited');
    await show(
      [other, container('remediator', 'restarting', 'unhealthy')],
      [other, container('remediator', 'running', 'healthy')],
    );
    expect(await up()).toMatchObject({ status: 0, stdout: '' });
  });
});
