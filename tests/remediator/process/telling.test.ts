import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Message } from '../../../remediator/notify/message.ts';
import { startScriptedApi, type ScriptedApi } from '../../helpers/scripted-api.ts';
import { loading } from '../replicas/replica-stage.ts';
import type { RunningRemediator } from './running-remediator.ts';
import { alert, resolved, useStage } from './stage.ts';

const stage = useStage();
const HOOK = '../crash/kill-at-point.ts';

let receiver: ScriptedApi;
beforeEach(async () => {
  receiver = await startScriptedApi();
  answerWith(204);
});
afterEach(() => receiver.stop());

function answerWith(status: number): void {
  receiver.answer = (_request, response) => void response.writeHead(status).end();
}

const told = (): Message[] => receiver.asked.map(({ body }) => JSON.parse(body) as Message);
const failed = (): Message[] => told().filter(({ outcome }) => outcome === 'failed');

/** A fix that does not help, which people are to be told of. */
function start(prefix: readonly string[] = []): Promise<RunningRemediator> {
  const notify = { webhook: { url: receiver.url, secret_file: 'secrets/webhook_token' } };
  const query = 'sum(wordpress_path_permission_violations{instance="$target"}) == 0';
  const verify = { query, samples: 1, within: '1s' };
  const policy = { name: 'fix-permissions', mode: 'auto', cooldown: '1h', verify };
  return stage.start({ inventory: stage.inventory({ policies: [policy], notify }), prefix });
}

async function owedBy({ url }: RunningRemediator): Promise<string | undefined> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return /^steward_remediator_notifications_owed (\d+)$/m.exec(page)?.[1];
}

const untilNothingIsOwed = (remediator: RunningRemediator) =>
  waitUntil(async () => (await owedBy(remediator)) === '0', {
    what: 'nothing to be owed',
    explain: () => remediator.process.logTail(),
  });

test('killed between the end of a run and the word of it, the next process tells it', async () => {
  const points = join(stage.folder.path, 'points');
  const remediator = await start([loading(HOOK), 'KILL_AT=tell 1 before', `POINTS_FILE=${points}`]);
  await remediator.deliver(alert);
  expect(await remediator.process.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(told()).toEqual([]);
  const next = await stage.restart();
  await untilNothingIsOwed(next);
  const [run] = await next.runs();
  expect(run).toMatchObject({ state: 'closed', outcome: 'failed' });
  expect(told()).toMatchObject([{ outcome: 'failed', closed: true, run: { id: run?.id } }]);
});

test('killed after the receiver took it and before that was noted, the next tells it again by the same id', async () => {
  const points = join(stage.folder.path, 'points');
  const remediator = await start([loading(HOOK), 'KILL_AT=tell 1 after', `POINTS_FILE=${points}`]);
  await remediator.deliver(alert);
  await remediator.process.ended;
  await untilNothingIsOwed(await stage.restart());
  expect(told()).toHaveLength(2);
  expect(new Set(told().map(({ id }) => id)).size).toBe(1);
});

test('where the receiver is down over a restart, and at the stop a repetition was due, people are told in the end', async () => {
  answerWith(503);
  let remediator = await start();
  await remediator.deliver(alert);
  await waitUntil(() => failed().length >= 2, { what: 'it to be tried again' });
  remediator.process.kill('SIGTERM');
  expect(await remediator.process.ended).toEqual({ exitCode: 0, signal: null });
  remediator = await stage.restart();
  const tried = failed().length;
  await waitUntil(() => failed().length > tried, { what: 'it to be tried by the next process' });
  expect(await owedBy(remediator)).toBe('1');
  await stage.kill();
  answerWith(204);
  await untilNothingIsOwed(await stage.restart());
  expect(new Set(failed().map(({ id }) => id)).size).toBe(1);
  expect(failed().length).toBeGreaterThan(tried + 1);
});

test('what came while nobody was configured to be told is not owed later', async () => {
  let remediator = await stage.start();
  await remediator.deliver(alert);
  await stage.host.untilCalled(1);
  await remediator.untilClosed();
  expect(await owedBy(remediator)).toBe('0');
  await remediator.deliver(resolved);
  const notify = { webhook: { url: receiver.url, secret_file: 'secrets/webhook_token' } };
  await remediator.configure({ ...stage.inventory({ notify }) });
  await stage.kill();
  remediator = await stage.restart();
  expect(await owedBy(remediator)).toBe('0');
  expect(told()).toEqual([]);
});

test('a pause that Steward began itself is told, also where it ended before it could', async () => {
  await start();
  for (let end = 1; end <= 2; end += 1) {
    await stage.kill();
    await stage.restart();
  }
  await stage.kill();
  answerWith(503);
  await stage.restart();
  await waitUntil(() => told().length > 0, { what: 'the pause to be told' });
  await stage.kill();
  answerWith(204);
  await untilNothingIsOwed(await stage.restart());
  expect(new Set(told().map(({ id }) => id)).size).toBe(1);
  expect(told().at(-1)).toMatchObject({ outcome: 'paused', reason: 'paused', run: null });
});
