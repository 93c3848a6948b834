import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { POSTGRES_SCHEMA } from '../../remediator/store/postgres-database.ts';
import { root } from '../compose/compose.ts';
import { makeFakeDocker, type FakeDocker } from '../helpers/fake-docker.ts';
import { steward } from '../helpers/steward-command.ts';

const STEWARD_YML = `jobs: { backup: { every: 24h } }
remediator:
  journal: postgres://steward@postgres/steward
  journal_password_file: secrets/journal_password
`;
const SOUND = {
  "'version --format'*": 'echo 20.10.24',
  "'compose version'*": 'echo 2.40.3',
  "'volume ls '*'=^steward_postgres$'": 'echo steward_postgres',
};
const NEWER = { "*' psql '*to_regclass*": 'echo schema_version', "*' psql '*'max(version)'*": 'echo 99' };
const RUNNING = { "*' ps --quiet --status running postgres'": 'echo one' };
const REFUSAL = `the volume steward_postgres was written by a newer Steward (schema 99; this one knows ${POSTGRES_SCHEMA}): install that one again, or steward restore --overwrite a backup of before the upgrade\n`;

let folder: TempFolder;
let docker: FakeDocker;
let project: string;
beforeEach(async () => {
  folder = await createTempFolder('steward-up-database');
  project = `compose --project-directory ${folder.path}`;
  await writeFile(join(folder.path, 'steward.yml'), STEWARD_YML);
  await writeFile(
    join(folder.path, '.env'),
    'COMPOSE_PROFILES=postgres\nSTEWARD_JOURNAL_PASSWORD=./secrets/journal_password\n',
  );
  steward(folder.path, 'secrets');
  await writeFile(join(folder.path, 'secrets/journal_password'), 'a password', { mode: 0o444 });
  await copyFile(join(root, 'docker-compose.yml'), join(folder.path, 'docker-compose.yml'));
  docker = await makeFakeDocker(folder.path);
});
afterEach(() => folder.remove());

async function up(service: string) {
  const { status, stdout, stderr } = await docker.steward(folder.path, 'up', '--', service);
  const calls = await docker.calls();
  return { status, stdout, stderr, calls, wasStarted: calls.includes(`${project} up --detach ${service}`) };
}

test('a database of a newer Steward is told in one line, and was started for that alone', async () => {
  await docker.answers({ ...SOUND, ...NEWER });
  const { calls, ...end } = await up('remediator');
  expect(end).toEqual({ status: 1, stdout: REFUSAL, stderr: 'nothing was started\n', wasStarted: false });
  const start = calls.indexOf(`${project} up --detach postgres`);
  expect(start).toBeGreaterThan(0);
  expect(calls[start + 1]).toContain(' pg_isready ');
  expect(calls.at(-1)).toBe(`${project} stop postgres`);
});

test('one that runs is neither started nor stopped for it', async () => {
  await docker.answers({ ...SOUND, ...NEWER, ...RUNNING });
  const { calls, ...end } = await up('remediator-2');
  expect(end).toMatchObject({ status: 1, stdout: REFUSAL, wasStarted: false });
  expect(calls).not.toContain(`${project} up --detach postgres`);
  expect(calls).not.toContain(`${project} stop postgres`);
});

test.each([
  { what: 'of this one', answers: { ...NEWER, "*' psql '*'max(version)'*": `echo ${POSTGRES_SCHEMA}` } },
  { what: 'of an older one', answers: { ...NEWER, "*' psql '*'max(version)'*": 'echo 1' } },
  { what: 'without a journal', answers: {} },
])('a database $what is in nobody’s way', async ({ answers }) => {
  await docker.answers({ ...SOUND, ...answers });
  expect(await up('remediator')).toMatchObject({ status: 0, stdout: '', wasStarted: true });
});

test('one that does not start is told', async () => {
  await docker.answers({ ...SOUND, "*' up --detach postgres'": 'exit 1' });
  expect(await up('remediator')).toMatchObject({
    status: 1,
    stdout: `the journal's database cannot be asked for its version: see above\n`,
    wasStarted: false,
  });
});

test('a start without a remediator asks no database', async () => {
  await docker.answers({ ...SOUND, ...NEWER });
  expect(await up('exporter')).toMatchObject({ status: 0, wasStarted: true });
});
