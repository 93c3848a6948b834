import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Secret } from '../../../inventory/secret.ts';
import { createWebhookNotifier } from '../../../remediator/notify/webhook-notifier.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';
import { makeAlert } from '../alerts.ts';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SECRET = 'signing-key';
let server: Server;
let requests: Request[];
let statuses: number[];
let logged: string[];

beforeEach(async () => {
  requests = [];
  statuses = [];
  logged = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ headers: request.headers, body });
      response.statusCode = statuses.shift() ?? 200;
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const news: RunNews = {
  run: {
    id: '20260301-120000-0a1b2c3d',
    alert: makeAlert({ alertname: 'Drift', instance: '<b>$(id)</b>\n' }),
    attempt: 1,
    plan: undefined,
    state: 'waiting',
    outcome: undefined,
    reason: undefined,
    createdAt: '2026-03-01T12:00:00.000Z',
    actedAtMs: undefined,
    events: [],
  },
  plan: {
    policy: 'fix',
    revision: 'r1',
    stage: 0,
    action: 'wordpress.fix-permissions',
    target: 'blog',
    host: 'web1',
    parameters: {},
  },
  outcome: 'failed',
  reason: 'not_verified',
  detail: undefined,
  isClosed: true,
};

async function tell(
  changes: Partial<RunNews> = {},
  retryDelaysMs: readonly number[] = [1, 1],
): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const settings = {
    url: `http://127.0.0.1:${port}/hook`,
    secret: new Secret(SECRET),
    externalUrl: 'https://s.example/',
  };
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  const signal = new AbortController().signal;
  const notifier = createWebhookNotifier(() => Promise.resolve(settings), log, signal, retryDelaysMs);
  notifier.tell({ ...news, ...changes });
  await notifier.idle();
}

test('posts what became of a run, signed over its time and its text', async () => {
  await tell();
  const [request] = requests;
  expect(JSON.parse(request?.body ?? '')).toEqual({
    version: 1,
    outcome: 'failed',
    reason: 'not_verified',
    detail: null,
    closed: true,
    run: {
      id: news.run.id,
      alertname: 'Drift',
      instance: '<b>$(id)</b>\n',
      policy: 'fix',
      action: 'wordpress.fix-permissions',
      target: 'blog',
      host: 'web1',
      url: `https://s.example/api/runs/${news.run.id}`,
    },
  });
  const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['x-steward-signature']));
  const expected = createHmac('sha256', SECRET).update(`${signature?.[1] ?? ''}.${request?.body ?? ''}`);
  expect(signature?.[2]).toBe(expected.digest('hex'));
});

test('is repeated until it is taken', async () => {
  statuses = [500, 503];
  await tell();
  expect(requests).toHaveLength(3);
  expect(logged).toEqual([]);
});

test('is given up after its repetitions, and logged without the key', async () => {
  statuses = [500, 500, 500];
  await tell();
  expect(requests).toHaveLength(3);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('the webhook answered 500');
  expect(logged[0]).not.toContain(SECRET);
});

test('does not follow a redirect, which would take the message elsewhere', async () => {
  statuses = [302];
  await tell({}, []);
  expect(requests).toHaveLength(1);
  expect(logged).toHaveLength(1);
});

test.each([
  ['no_policy', 'no_policy'],
  ['blocked', 'host_busy'],
  ['blocked', 'joined'],
  ['blocked', 'cooldown'],
  ['blocked', 'mode_observe'],
  ['blocked', 'alert_resolved'],
] as const)('nobody is called for %s by %s', async (outcome, reason) => {
  await tell({ outcome, reason });
  await tell({ outcome, reason, isClosed: true });
  expect(requests).toEqual([]);
});

test.each([
  ['verified', 'verified'],
  ['failed', 'not_verified'],
  ['rolled_back', 'harm_undone'],
  ['awaiting_approval', 'mode_needs_approval'],
  ['blocked', 'breaker_open'],
  ['blocked', 'limit'],
  ['blocked', 'guard_failed'],
  ['blocked', 'not_corroborated'],
  ['blocked', 'prometheus_unreachable'],
  ['blocked', 'escalated'],
] as const)('people are told of %s by %s', async (outcome, reason) => {
  await tell({ outcome, reason });
  expect(requests).toHaveLength(1);
});

test('nothing is sent where no webhook is wanted', async () => {
  const notifier = createWebhookNotifier(
    () => Promise.resolve(undefined),
    pino({}, { write: (line: string) => void logged.push(line) }),
    new AbortController().signal,
  );
  notifier.tell(news);
  await notifier.idle();
  expect(requests).toEqual([]);
  expect(logged).toEqual([]);
});
