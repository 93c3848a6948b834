import { once } from 'node:events';
import { request as openRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { Secret } from '../../../inventory/secret.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { webhookHandlers } from '../../../remediator/alerts/intake.ts';
import { createMetrics, type RemediatorMetrics } from '../../../remediator/metrics/metrics.ts';
import { createHostLocks } from '../../../remediator/run/host-locks.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { createWorker, type Worker } from '../../../remediator/worker.ts';
import { makeAlert } from '../alerts.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { makeInventory } from '../inventory.ts';
import { noSilences } from '../no-silences.ts';

const log = pino({ level: 'silent' });
const inventory = makeInventory();
let folder: TempFolder;
let journal: Journal;
let worker: Worker;
let metrics: RemediatorMetrics;
let server: Server;
let opened: string[];

function fail(message: string): never {
  throw new Error(message);
}

beforeEach(async () => {
  folder = await createTempFolder('steward-intake');
  journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  opened = [];
  const nothing = () => Promise.resolve([]);
  const prometheus = { query: nothing, now: () => Promise.resolve(0), alertingRules: nothing };
  worker = createWorker(
    {
      journal,
      prometheus,
      sharedPrometheus: prometheus,
      refresh: () => Promise.resolve(),
      silences: noSilences,
      locks: createHostLocks(() => 4),
      hostOf(id) {
        opened.push(id);
        throw new Error('no host may be opened');
      },
      botOf: () => fail('no bot may be asked'),
      inventory: () => inventory,
      signal: new AbortController().signal,
    },
    log,
    { onNews: () => undefined, onInterruption: () => undefined },
  );
  const lastReload = () => ({ successful: true, succeededAtMs: 0 });
  metrics = createMetrics({ active: () => worker.active(), lastReload, inventory: () => inventory, journal });
  const readToken = () => Promise.resolve(new Secret('token'));
  const app = express();
  app.post('/webhook', ...webhookHandlers({ journal, metrics, log, readToken, onAccepted: worker.look }));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await worker.idle();
  await journal.close();
  await folder.remove();
});

const port = () => (server.address() as AddressInfo).port;

async function post(body: string, authorization?: string): Promise<number> {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(`http://127.0.0.1:${port()}/webhook`, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

const delivery = (labels: Record<string, string>) =>
  JSON.stringify({ version: '4', alerts: [makeAlert(labels)] });

describe('what is not a webhook of Alertmanager gets a plain answer, and leaves no run', () => {
  const good = delivery({});
  test.each<[what: string, status: number, body: string, authorization: string | undefined]>([
    ['no token', 401, good, undefined],
    ['a wrong token', 401, good, 'Bearer other'],
    ['an empty token', 401, good, 'Bearer '],
    ['the token and more', 401, good, 'Bearer tokens'],
    ['another scheme', 401, good, 'Basic token'],
    ['no token, and a body that is no JSON', 401, '{', undefined],
    ['no body', 400, '', 'Bearer token'],
    ['no JSON', 400, '{"version":', 'Bearer token'],
    ['a list', 400, '[]', 'Bearer token'],
    ['a number', 400, '1', 'Bearer token'],
    ['null', 400, 'null', 'Bearer token'],
    ['version 3', 400, good.replace('"4"', '"3"'), 'Bearer token'],
    ['a label that is no text', 400, good.replace('"blog"', '1'), 'Bearer token'],
    ['another status', 400, good.replace('firing', 'done'), 'Bearer token'],
    ['a start that is no time', 400, good.replace('2026-03-01T', ''), 'Bearer token'],
    ['a fingerprint with a command', 400, good.replace('"a1"', '"a1;id"'), 'Bearer token'],
    ['a body of 3 MB', 413, delivery({ long: 'x'.repeat(3_000_000) }), 'Bearer token'],
  ])('%s: %i', async (_what, status, body, authorization) => {
    expect(await post(body, authorization)).toBe(status);
    expect(await journal.runs(10)).toEqual([]);
  });

  test('a body of 10 MB that says it is small: the connection is the end of it', async () => {
    const headers = { authorization: 'Bearer token', 'content-length': 100 };
    const request = openRequest({
      port: port(),
      host: '127.0.0.1',
      path: '/webhook',
      method: 'POST',
      headers,
    });
    request.on('error', () => undefined);
    request.write('x'.repeat(10_000_000));
    const [response] = (await once(request, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(400);
    expect(await journal.runs(10)).toEqual([]);
  });

  test('a body that ends early', async () => {
    const headers = { authorization: 'Bearer token', 'content-length': good.length };
    const request = openRequest({
      port: port(),
      host: '127.0.0.1',
      path: '/webhook',
      method: 'POST',
      headers,
    });
    request.on('error', () => undefined);
    request.write(good.slice(0, 20));
    await once(server, 'request');
    request.destroy();
    await waitUntil(async () => (await metrics.render()).includes('{result="malformed"} 1'), {
      what: 'the request to be counted',
    });
    expect(await journal.runs(10)).toEqual([]);
  });
});

describe('hostile labels are recorded with a reason, and nothing is run', () => {
  test.each(hostileTexts)('instance %j', async (text) => {
    expect(await post(delivery({ instance: text, [`x${text}`]: text }), 'Bearer token')).toBe(202);
    await worker.idle();
    expect(await journal.runs(10)).toMatchObject([{ outcome: 'blocked', reason: 'unknown_target' }]);
    expect(opened).toEqual([]);
  });

  test.each(hostileTexts)('service %j', async (service) => {
    const labels = { alertname: 'ServiceDown', instance: 'web1', service };
    expect(await post(delivery(labels), 'Bearer token')).toBe(202);
    await worker.idle();
    expect(await journal.runs(10)).toMatchObject([{ reason: 'parameter_not_allowed' }]);
    expect(opened).toEqual([]);
  });
});

test('a group that Alertmanager has cut short: what came is accepted, and what did not is counted', async () => {
  const cut = JSON.stringify({ version: '4', truncatedAlerts: 3, alerts: [makeAlert()] });
  expect(await post(cut, 'Bearer token')).toBe(202);
  await worker.idle();
  expect(await journal.runs(10)).toHaveLength(1);
  expect(await metrics.render()).toContain('steward_remediator_alerts_truncated_total 3\n');
});

test('an alert that Prometheus does not confirm is recorded as such', async () => {
  expect(await post(delivery({}), 'Bearer token')).toBe(202);
  await worker.idle();
  expect(await journal.runs(10)).toMatchObject([{ reason: 'not_corroborated', plan: { target: 'blog' } }]);
  expect(opened).toEqual([]);
});

test('a journal that cannot be written gives 503, which Alertmanager repeats', async () => {
  await journal.close();
  expect(await post(delivery({}), 'Bearer token')).toBe(503);
});

describe('alerts that have not begun yet', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const send = (...changes: Parameters<typeof makeAlert>[1][]) =>
    post(
      JSON.stringify({ version: '4', alerts: changes.map((change) => makeAlert({}, change)) }),
      'Bearer token',
    );

  test.each(['firing', 'resolved'] as const)(
    'are refused, and one that is %s does not end the true one; what comes with them is stored',
    async (status) => {
      expect(await send({})).toBe(202);
      expect(await send({ startsAt: '9999-01-01T00:00:00.000Z', status }, { fingerprint: 'b2' })).toBe(400);
      await worker.idle();
      expect(await journal.runs(10)).toMatchObject([
        { alert: { fingerprint: 'b2', status: 'firing' } },
        { alert: { fingerprint: 'a1', status: 'firing' }, state: 'waiting' },
      ]);
    },
  );

  test('are taken where clocks run apart by some minutes', async () => {
    expect(await send({ startsAt: inMinutes(4) })).toBe(202);
    expect(await send({ startsAt: inMinutes(6) })).toBe(400);
  });
});
