import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunningRemediator } from './running-remediator.ts';
import { alert, probe, resolved, violations, useStage } from './stage.ts';

const stage = useStage();

describe('an alert that is true', () => {
  let remediator: RunningRemediator;
  beforeEach(async () => {
    remediator = await stage.start();
  });

  test('is fixed over SSH by one verb with the site and the run, and proved', async () => {
    expect(await remediator.deliver(alert)).toBe(202);
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'verified', reason: 'verified' });
    expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${run.id}`]);
    expect(run.events.map(({ kind }) => kind)).toEqual([
      ...['received', 'matched', 'locked', 'corroborated', 'guarded', 'acting', 'acted', 'verifying'],
      // The refresh of an exporter that is not there is told, and holds nothing up.
      ...['verifying', 'verified', 'finished'],
    ]);
  });

  test('is acted on once, however often and from wherever it is delivered', async () => {
    await Promise.all(Array.from({ length: 20 }, () => remediator.deliver(alert, alert)));
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    await remediator.untilClosed();
    await remediator.deliver(alert);
    await remediator.deliver(resolved);
    await remediator.untilRun(({ alertStatus }) => alertStatus === 'resolved');
    expect(await remediator.runs()).toHaveLength(1);
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('whose fix does not help has failed, is not undone, and may be tried again after the cooldown', async () => {
    await remediator.deliver(alert);
    const failed = await remediator.untilClosed();
    expect(failed).toMatchObject({ outcome: 'failed', reason: 'not_verified' });
    expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${failed.id}`]);
    await remediator.deliver(alert);
    await stage.host.untilCalled(2);
    stage.page.set(violations, 0);
    const second = await remediator.untilClosed();
    expect(second).toMatchObject({ outcome: 'verified', fingerprint: failed.fingerprint });
    expect(second.id).not.toBe(failed.id);
  });

  test('whose fix takes the site down is undone', async () => {
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    stage.page.set(probe, 0);
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'rolled_back', reason: 'harm_undone' });
    expect(await stage.host.calls()).toEqual([
      `site-fix-permissions blog ${run.id}`,
      `site-undo-permissions blog ${run.id}`,
    ]);
  });

  test('of a site that was down before is not undone because it still is', async () => {
    await stage.show(probe, 0);
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });
});

describe('a policy without a query that proves', () => {
  const own = {
    name: 'own',
    match: ['alertname="WordPressPermissionsDrifted"'],
    action: 'wordpress.fix-permissions',
    mode: 'auto',
    cooldown: '3s',
    verify: { samples: 2, within: '3s' },
  };

  test('is proved by the opposite of the rule of its alert, for its own series alone', async () => {
    const remediator = await stage.start({ inventory: stage.inventory({ policies: [own] }) });
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'verified' });
    expect(run.events.find(({ kind }) => kind === 'guarded')?.data['proof']).toBe(
      'sum by (instance, host, job) (wordpress_path_permission_violations{host="web1",instance="blog",job="site"}) <= 0',
    );
  });

  test('fails where the rule goes on holding', async () => {
    const remediator = await stage.start({ inventory: stage.inventory({ policies: [own] }) });
    await remediator.deliver(alert);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'failed', reason: 'not_verified' });
  });
});
