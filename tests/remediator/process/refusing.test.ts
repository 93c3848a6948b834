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

describe('what is asked over HTTP', () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`steward:${password}`).toString('base64')}`,
  });

  test.each([
    ['GET', '/api/runs'],
    ['GET', '/api/runs/any'],
    ['POST', '/-/reload'],
  ])('%s %s needs the password', async (method, path) => {
    const { url } = await stage.start();
    const statuses = await Promise.all(
      [{}, basic('wrong'), basic(''), basic('remediator-password')].map(
        async (headers) => (await fetch(`${url}${path}`, { method, headers })).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, path === '/api/runs/any' ? 404 : 200]);
  });

  test.each([
    ['of another site', () => 'https://elsewhere.example', 403],
    ['without an address', () => 'null', 403],
    ['of its own', (url: string) => url, 200],
  ])(
    'a page %s that has a browser ask for a reload, with its login, is told so or heard',
    async (_what, originAt, status) => {
      const { url } = await stage.start();
      const headers = { ...basic('remediator-password'), origin: originAt(url) };
      expect((await fetch(`${url}/-/reload`, { method: 'POST', headers })).status).toBe(status);
    },
  );

  test('a wrong steward.yml is told line by line, and the last good one stays', async () => {
    const remediator = await stage.start();
    await remediator.configure({ policies: [{ name: 'fix-permissions', action: 'unknown' }] });
    const headers = basic('remediator-password');
    const answer = await fetch(`${remediator.url}/-/reload`, { method: 'POST', headers });
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 422,
      text: expect.stringMatching(
        /steward\.yml:\d+:\d+: policies\[0\]\.action: found "unknown", expected one of/,
      ),
    });
    const metrics = await (await fetch(`${remediator.url}/metrics`)).text();
    expect(metrics).toContain('steward_config_last_reload_successful 0');
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    expect(await stage.host.calls()).toHaveLength(1);
  });
});

test('the metrics say what the policies of the steward.yml in force may do, from the reload on', async () => {
  const remediator = await stage.start();
  const modeOf = async (policy: string) =>
    new RegExp(
      `^steward_remediator_policy_mode\\{policy="${policy}",alert="\\w+",mode="(.*)"\\} 1$`,
      'm',
    ).exec(await (await fetch(`${remediator.url}/metrics`)).text())?.[1];
  expect(await modeOf('run-cron')).toBe('observe');
  await remediator.configure({ policies: [{ name: 'run-cron', mode: 'earn(3)' }] });
  expect(await modeOf('run-cron')).toBe('observe');
  const authorization = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;
  await fetch(`${remediator.url}/-/reload`, { method: 'POST', headers: { authorization } });
  expect(await modeOf('run-cron')).toBe('earn(3)');
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
