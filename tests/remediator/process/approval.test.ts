import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { stewardBeside } from '../../helpers/steward-command.ts';
import type { RunningRemediator, ShownRun } from './running-remediator.ts';
import { alert, useStage, violations } from './stage.ts';

const stage = useStage();
const login = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;

describe('a run that waits for a person', () => {
  let remediator: RunningRemediator;
  let run: ShownRun;
  beforeEach(async () => {
    const query = 'sum(wordpress_path_permission_violations{instance="$target"}) == 0';
    const verify = { query, samples: 2, within: '20s' };
    const policies = [{ name: 'fix-permissions', mode: 'approve', cooldown: '20s', verify }];
    remediator = await stage.start({ inventory: stage.inventory({ policies }) });
    await remediator.deliver(alert);
    run = await remediator.untilRun(({ outcome }) => outcome === 'awaiting_approval');
  });
  const call = (...args: string[]) => stewardBeside(join(stage.folder.path, 'remediator'), ...args);
  const answer = (body: object | string, headers: Record<string, string> = {}) =>
    fetch(`${remediator.url}/api/runs/${run.id}/answer`, {
      method: 'POST',
      headers: { authorization: login, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  test('acts once it is approved, and who said so is recorded', async () => {
    expect(await stage.host.calls()).toEqual([]);
    const { status, stdout } = await call('approve', run.id, '--yes');
    expect({ status, stdout: stdout.split('\n').at(-2) }).toEqual({
      status: 0,
      stdout: 'approved: the run goes on',
    });
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    const ended = await remediator.untilClosed();
    expect(ended).toMatchObject({ id: run.id, outcome: 'verified' });
    expect(ended.events.find(({ kind }) => kind === 'approved')?.data['by']).toBe(userInfo().username);
    expect(await call('approve', run.id, '--yes')).toMatchObject({
      status: 1,
      stderr: `run ${run.id} does not wait for approval: it is verified\n`,
    });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('does not act where its evidence is gone by then', async () => {
    await stage.show(violations, 0);
    await call('approve', run.id, '--yes');
    await remediator.untilRun(({ reason }) => reason === 'not_corroborated');
    expect(await stage.host.calls()).toEqual([]);
  });

  test('ends when it is denied, and another delivery changes nothing', async () => {
    expect((await call('deny', run.id, '--yes')).status).toBe(0);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'denied', reason: 'denied' });
    await remediator.deliver(alert);
    expect(await remediator.runs()).toHaveLength(1);
    expect(await stage.host.calls()).toEqual([]);
  });

  test('is not answered without somebody who confirms it', async () => {
    expect(await call('approve', run.id)).toMatchObject({
      status: 1,
      stderr: 'nobody is here to confirm it: run this in a terminal, or with --yes\n',
    });
  });

  test.each<[what: string, body: object | string, headers: Record<string, string>, status: number]>([
    ['another plan', { answer: 'approve', plan: 'f'.repeat(64), by: 'me' }, {}, 409],
    ['a word that is no answer', { answer: 'maybe', plan: 'x', by: 'me' }, {}, 400],
    ['nobody', { answer: 'approve', plan: 'x', by: '' }, {}, 400],
    ['what a form of another site can send', 'answer=approve', { 'content-type': 'text/plain' }, 400],
    ['a wrong password', { answer: 'approve', plan: 'x', by: 'me' }, { authorization: 'Basic eDp5' }, 401],
  ])('is not approved by %s', async (_what, body, headers, status) => {
    expect((await answer(body, headers)).status).toBe(status);
    expect((await remediator.runs())[0]).toMatchObject({ outcome: 'awaiting_approval' });
    expect(await stage.host.calls()).toEqual([]);
  });
});
