import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createPrometheusClient,
  type PrometheusClient,
} from '../../../remediator/prometheus/prometheus-client.ts';

let server: Server;
let answer: RequestListener;
let client: PrometheusClient;
let abort: AbortController;
beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = () => Promise.resolve({ url: `http://127.0.0.1:${port}` });
  abort = new AbortController();
  client = createPrometheusClient(address, address, abort.signal);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const result = [{ metric: { instance: 'blog' }, value: [1, '1'] }];
const vector = (more: object = {}) => ({
  status: 'success',
  data: { resultType: 'vector', result },
  ...more,
});
const answers = (body: string, status = 200, headers: Record<string, string> = {}): void => {
  answer = (_request, response) => void response.writeHead(status, headers).end(body);
};

describe('a Prometheus that', () => {
  test('answers is believed, also where it has remarks on the query', async () => {
    answers(JSON.stringify(vector({ infos: ['PromQL info: metric might not be a counter'] })));
    expect(await client.query('up')).toEqual([{ labels: { instance: 'blog' }, value: 1 }]);
  });

  test.each([
    ['answers with a part of what there is', vector({ isPartial: true }), 'partial'],
    ['warns of what it has not read', vector({ warnings: ['remote storage: timed out'] }), 'remote storage'],
    ['answers with a failure', { status: 'error', error: 'no' }, 'status'],
    ['answers with a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }, 'data'],
    [
      'answers with numbers for texts',
      { status: 'success', data: { resultType: 'vector', result: [{ value: [1, 1] }] } },
      'data',
    ],
  ])('%s gives no evidence', async (_what, body, said) => {
    answers(JSON.stringify(body));
    await expect(client.query('up')).rejects.toThrow(said);
  });

  test.each([
    ['answers with a page', '<html>502 Bad Gateway</html>', 200, {}],
    ['breaks off in its midst', JSON.stringify(vector()).slice(0, 40), 200, {}],
    ['is overloaded', 'too many queries', 503, {}],
    ['sends elsewhere', '', 302, { location: 'http://127.0.0.1:1/' }],
    ['says that more comes than does', JSON.stringify(vector()), 200, { 'content-length': '4000' }],
  ])('%s gives no evidence', async (_what, body, status, headers) => {
    answer = (_request, response) => {
      response.writeHead(status, headers);
      response.write(body);
      if ('content-length' in headers) response.destroy();
      else response.end();
    };
    await expect(client.query('up')).rejects.toThrow('Prometheus gave no answer to /api/v1/query');
  });

  test('does not answer is not waited for once the remediator ends', async () => {
    const asked = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const query = client.query('up');
    await asked;
    abort.abort();
    await expect(query).rejects.toThrow('Prometheus gave no answer to /api/v1/query');
  });

  test('has no time gives none', async () => {
    answers(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }));
    await expect(client.now()).rejects.toThrow('no time');
  });
});
