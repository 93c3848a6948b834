import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeAlert } from '../alerts.ts';
import { startRemediator } from './running-remediator.ts';
import { alert, resolved, useStage, violations } from './stage.ts';

const stage = useStage();

describe('nothing is run, and it is recorded why', () => {
  test('where Prometheus does not know the alert', async () => {
    const remediator = await stage.start();
    stage.page.set(violations, 0);
    await stage.prometheus.untilTrue(`${violations} == 0`);
    await remediator.deliver(alert);
    expect(await remediator.untilRun(({ reason }) => reason !== null)).toMatchObject({
      state: 'waiting',
      outcome: 'blocked',
      reason: 'not_corroborated',
    });
    await remediator.deliver(resolved);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'blocked', reason: 'not_corroborated' });
    expect(await stage.host.calls()).toEqual([]);
  });

  test('where Prometheus cannot be asked, until it can and the alert is delivered again', async () => {
    const remediator = await stage.start({
      inventory: stage.inventory({ prometheus: { url: 'http://127.0.0.1:1' } }),
    });
    await remediator.deliver(alert);
    await remediator.untilRun(({ reason }) => reason === 'prometheus_unreachable');
    expect(await stage.host.calls()).toEqual([]);
    await remediator.configure({ prometheus: { url: stage.prometheus.url } });
    remediator.process.kill('SIGHUP');
    await remediator.process.untilReady(() =>
      Promise.resolve(remediator.process.logTail().includes('was read again')),
    );
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
  });

  test('where the host shows another key than the pinned one', async () => {
    const stranger = { ...stage.host.entry, host_key: `SHA256:${'A'.repeat(43)}` };
    const remediator = await stage.start({ inventory: stage.inventory({ hosts: { web1: stranger } }) });
    await remediator.deliver(alert);
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'failed', reason: 'not_started' });
    expect(run.events.find(({ kind }) => kind === 'acted')?.data['reason']).toMatch(/host key/);
    expect(await stage.host.calls()).toEqual([]);
  });
});

test('a journal that cannot grow gives 503; what was accepted is there when there is room again', async () => {
  let remediator = await stage.start({ prefix: ['prlimit', '--fsize=1000000', '--'] });
  const statuses: number[] = [];
  const long = 'x'.repeat(60_000);
  for (let count = 0; count < 60 && !statuses.includes(503); count += 1) {
    const other = makeAlert({ alertname: 'Other', long }, { fingerprint: count.toString(16) });
    statuses.push(await remediator.deliver(other));
  }
  const accepted = statuses.filter((status) => status === 202).length;
  expect(new Set(statuses)).toEqual(new Set([202, 503]));
  expect(await remediator.runs()).toHaveLength(accepted);
  await remediator.process.stop();
  remediator = await stage.restart();
  expect(await remediator.runs()).toHaveLength(accepted);
  expect(await remediator.deliver(makeAlert())).toBe(202);
});

describe('a remediator that cannot start says why, and ends', () => {
  test('where its port is taken', async () => {
    const remediator = await stage.start();
    const taken = new URL(remediator.url).host;
    const other = startRemediator({
      folder: join(stage.folder.path, 'other'),
      inventory: stage.inventory(),
    }).then(async (second) => {
      await second.process.stop();
      await second.configure({ remediator: { listen: taken } });
      return second.restart();
    });
    await expect(other).rejects.toThrow(/ended at once[^]*EADDRINUSE/);
  });
});
