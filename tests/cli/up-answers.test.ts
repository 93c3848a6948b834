import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '../../lab/parts/free-port.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { root } from '../compose/compose.ts';
import { makeFakeDocker, type FakeDocker } from '../helpers/fake-docker.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
let docker: FakeDocker;
let server: Server;
let here: string;
let nobody: number;
/** What the server answers, and the password that it takes for a query. */
let status: number;
const asked: string[] = [];

beforeEach(async () => {
  folder = await createTempFolder('steward-up-answers');
  await copyFile(join(root, 'docker-compose.yml'), join(folder.path, 'docker-compose.yml'));
  docker = await makeFakeDocker(folder.path);
  await docker.answers({ "'version --format'*": 'echo 20.10.24', "'compose version'*": 'echo 2.40.3' });
  status = 200;
  asked.length = 0;
  server = createServer(({ url = '', headers }, response) => {
    asked.push(`${url} ${headers.authorization ?? ''}`);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  nobody = await freePort();
});
afterEach(async () => {
  server.close();
  await folder.remove();
});

async function upWith(inventory: object) {
  await writeFile(join(folder.path, 'steward.yml'), JSON.stringify(inventory));
  steward(folder.path, 'secrets');
  await writeFile(join(folder.path, 'secrets/its_password'), 'its password\n', { mode: 0o444 });
  const { stdout, stderr } = await docker.steward(folder.path, 'up', '--', 'exporter');
  const wasStarted = (await docker.calls()).some((call) => call.includes(' up '));
  return { wasStarted, stdout, warnings: stderr.split('\n').filter((line) => line !== '') };
}

const bot = (url: string) => ({
  kind: 'http_json',
  host: 'web1',
  url,
  requests: [{ path: '/', values: { running: { at: 'a' } } }],
});

/** Each that can be asked, at an address. */
const all = (url: string, database: string) => ({
  hosts: {
    web1: {
      ...{ address: 'web1', user: 'steward', host_key: `SHA256:${'A'.repeat(43)}` },
      ...{ read_key_file: 'secrets/read/web1', act_key_file: 'secrets/act/web1' },
    },
  },
  sites: { blog: { host: 'web1', url: `${url}/blog`, path: '/srv/blog', owner: 'blog' } },
  bots: { trend: bot(url) },
  prometheus: { queries: { url: `${url}/store/`, username: 'me', password_file: 'secrets/its_password' } },
  remediator: { journal: `postgres://steward@${database}/steward` },
});

test('where all answer there is nothing to say, whatever sites and bots say; the store gets its user and password', async () => {
  const { port } = server.address() as AddressInfo;
  expect(await upWith(all(here, `127.0.0.1:${port}`))).toEqual({
    wasStarted: true,
    stdout: '',
    warnings: [],
  });
  const login = Buffer.from('me:its password').toString('base64');
  expect(asked.sort()).toEqual(['/ ', '/blog ', `/store/api/v1/query?query=1 Basic ${login}`]);
});

test('what does not answer is a warning, and the stack starts', async () => {
  const gone = `http://127.0.0.1:${nobody}`;
  const { wasStarted, stdout, warnings } = await upWith(all(gone, `127.0.0.1:${nobody}`));
  expect({ wasStarted, stdout }).toEqual({ wasStarted: true, stdout: '' });
  expect(warnings).toEqual(
    [
      `the site blog does not answer at ${gone}/blog from here: `,
      `the bot trend does not answer at ${gone}/? from here: `,
      `prometheus.queries, without which nothing is done, does not answer at ${gone}/store/ from here: `,
      `the database of the journal, postgres://steward@127.0.0.1:${nobody}/steward, cannot be reached from here: `,
    ].map((line) => expect.stringMatching(new RegExp(`^warning: ${line}.*ECONNREFUSED`))),
  );
});

test.each([
  { code: 401, line: 'does not take the password in secrets/its_password' },
  { code: 404, line: 'answers a query with 404 at ' },
])('a store that answers with $code is a warning', async ({ code, line }) => {
  status = code;
  const { warnings, wasStarted } = await upWith({ prometheus: all(here, '').prometheus });
  expect(warnings).toEqual([expect.stringContaining(line)]);
  expect(wasStarted).toBe(true);
});

test('names that only containers know are not asked from here', async () => {
  expect(await upWith(all('http://store:8428', 'postgres:5432'))).toMatchObject({ warnings: [] });
});

test('a file that .env names and is not there keeps the stack from starting', async () => {
  await writeFile(
    join(folder.path, 'docker-compose.override.yml'),
    'services: { exporter: { volumes: ["./mine.txt:/mine.txt:ro"], secrets: [queries_password] } }\n',
  );
  await writeFile(join(folder.path, '.env'), 'STEWARD_QUERIES_PASSWORD=./secrets/other\n');
  const missing = (name: string) =>
    `${join(folder.path, name)} is missing, which exporter needs: put it there, or name another in .env\n`;
  const first = await upWith({});
  expect(first).toMatchObject({ wasStarted: false, stdout: missing('secrets/other') + missing('mine.txt') });
  await mkdir(join(folder.path, 'mine.txt'));
  await writeFile(join(folder.path, 'secrets/other'), 'password', { mode: 0o444 });
  expect(await upWith({})).toMatchObject({ wasStarted: true, stdout: '' });
});
