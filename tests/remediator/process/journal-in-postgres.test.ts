import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../../lab/parts/free-port.ts';
import { startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';
import { journalIn } from '../replicas/replica-stage.ts';
import { alert, useStage, violations } from './stage.ts';

const stage = useStage();
let postgres: Postgres;
let database: string;
beforeAll(async () => {
  postgres = await startPostgres(join(stage.folder.path, 'postgres'));
  database = await postgres.createDatabase('journal');
});
afterAll(() => postgres.stop());

test.each([
  [
    'a wrong password',
    () => ({ journal_password: 'wrong' }),
    '',
    /journal cannot be opened: password authentication failed/,
  ],
  [
    'a database that is not there',
    () => ({}),
    'x',
    /journalx cannot be opened: database "journalx" does not exist/,
  ],
])('%s ends it at once, and it says so', async (_name, secrets, suffix, message) => {
  const journal = journalIn(`${database}${suffix}`);
  const start = stage.start({ ...journal, secrets: { ...journal.secrets, ...secrets() } });
  await expect(start).rejects.toThrow(message);
  await expect(start).rejects.toThrow(/ended at once/);
});

test('a password that cannot be read ends it at once, and it says which file', async () => {
  await expect(stage.start({ ...journalIn(database), secrets: {} })).rejects.toThrow(/journal_password/);
});

test('a server that cannot be reached is waited for', async () => {
  const port = await freePort();
  const start = stage.start(journalIn(`postgres://steward@127.0.0.1:${port}/journal`));
  const log = join(stage.folder.path, 'remediator', 'remediator.log');
  await waitUntil(async () => (await readFile(log, 'utf8')).includes('it is tried again'), { what: 'a try' });
  const proxy = await startTcpProxy(postgres.port, port);
  const remediator = await start;
  expect(await remediator.deliver(alert)).toBe(202);
  await stage.host.untilCalled(1);
  stage.page.set(violations, 0);
  expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
  await stage.kill();
  await proxy.close();
});
