import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Secret } from '../../../inventory/secret.ts';
import { createWebhookNotifier } from '../../../remediator/notify/webhook-notifier.ts';
import { makeMessage } from '../messages.ts';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SECRET = 'signing-key';
let server: Server;
let requests: Request[];
let statuses: number[];

beforeEach(async () => {
  requests = [];
  statuses = [];
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

async function send(message = makeMessage()): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const settings = {
    url: `http://127.0.0.1:${port}/hook`,
    secret: new Secret(SECRET),
    externalUrl: 'https://s.example/',
  };
  return createWebhookNotifier(() => Promise.resolve(settings), new AbortController().signal).send(message);
}

test('posts a message, signed over its time and its text', async () => {
  const message = makeMessage();
  expect(await send(message)).toBe('taken');
  const [request] = requests;
  expect(JSON.parse(request?.body ?? '')).toEqual({
    version: 1,
    ...message,
    run: { ...message.run, url: 'https://s.example/api/runs/20260301-120000-0a1b2c3d' },
  });
  const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['x-steward-signature']));
  const expected = createHmac('sha256', SECRET).update(`${signature?.[1] ?? ''}.${request?.body ?? ''}`);
  expect(signature?.[2]).toBe(expected.digest('hex'));
});

test('posts what is about no run', async () => {
  await send(makeMessage({ run: null }));
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ run: null });
});

test.each([400, 404, 500, 503])(
  'what is answered with %i was not taken, and that does not tell the key',
  async (status) => {
    statuses = [status];
    await expect(send()).rejects.toThrow(new Error(`the webhook answered ${status}`));
    expect(requests).toHaveLength(1);
  },
);

test('does not follow a redirect, which would take the message elsewhere', async () => {
  statuses = [302];
  await expect(send()).rejects.toThrow(/fetch failed/);
  expect(requests).toHaveLength(1);
});

test('nothing is sent where no webhook is wanted', async () => {
  const notifier = createWebhookNotifier(() => Promise.resolve(undefined), new AbortController().signal);
  expect(await notifier.send(makeMessage())).toBe('nobody');
  expect(requests).toEqual([]);
});
