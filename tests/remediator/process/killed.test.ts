import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunningRemediator } from './running-remediator.ts';
import { alert, hostUp, probe, violations, useStage } from './stage.ts';

const stage = useStage();

describe('a remediator that is killed', () => {
  let remediator: RunningRemediator;
  beforeEach(async () => {
    remediator = await stage.start();
  });

  test('while the command runs settles it by what is seen, and never sends it again', async () => {
    await stage.host.hold();
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    expect(await remediator.untilRun(({ state }) => state === 'acting')).toMatchObject({ outcome: null });
    await stage.kill();
    await stage.host.letGo();
    stage.page.set(violations, 0);
    remediator = await stage.restart();
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'verified' });
    expect(run.events.map(({ kind }) => kind)).toContain('settling');
    expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${run.id}`]);
  });

  test('while the command runs has failed where nothing shows that it helped', async () => {
    await stage.host.hold();
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    await stage.kill();
    remediator = await stage.restart();
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'failed', reason: 'not_verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('between the command and its proof still proves it', async () => {
    await remediator.deliver(alert);
    await remediator.untilRun(({ state }) => state === 'verifying');
    await stage.kill();
    stage.page.set(violations, 0);
    remediator = await stage.restart();
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('in the midst of an undo undoes it again', async () => {
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    await stage.host.hold();
    stage.page.set(probe, 0);
    await stage.host.untilCalled(2);
    await stage.kill();
    await stage.host.letGo();
    remediator = await stage.restart();
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'rolled_back' });
    const undo = `site-undo-permissions blog ${run.id}`;
    expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${run.id}`, undo, undo]);
  });

  test('before it acted takes the alert up again', async () => {
    await stage.show(hostUp, 0);
    await remediator.deliver(alert);
    await remediator.untilRun(({ reason }) => reason === 'guard_failed');
    await stage.kill();
    await stage.show(hostUp, 1);
    remediator = await stage.restart();
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('by SIGTERM ends by itself at once, and settles after the next start', async () => {
    await stage.host.hold();
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    remediator.process.kill('SIGTERM');
    expect(await remediator.process.ended).toEqual({ exitCode: 0, signal: null });
    await stage.host.letGo();
    stage.page.set(violations, 0);
    remediator = await stage.restart();
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });
});
