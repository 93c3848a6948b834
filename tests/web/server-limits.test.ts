import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { serverLimits, type ServerLimits } from '../../web/server-limits.ts';
import { createAuthority } from '../helpers/certificates.ts';
import { ask } from '../helpers/web-request.ts';
import { startWebService, type WebService } from '../helpers/web-service.ts';

const TLS = 'tls_server_config: { cert_file: server.crt, key_file: server.key }';
const quick: ServerLimits = { ...serverLimits, connectionsCheckingInterval: 20 };
let folder: TempFolder;
let service: WebService | undefined;
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  await (await createAuthority(folder.path, 'authority')).issue('server', ['IP:127.0.0.1']);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  service?.close();
});
afterAll(() => folder.remove());

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Sends a text byte by byte, one every few milliseconds, until the connection is closed; resolves with what came back. */
async function trickle(socket: Socket, text: string): Promise<string> {
  let [sent, answer] = [0, ''];
  const timer = setInterval(() => {
    socket.write(text[sent % text.length] ?? '');
    sent += 1;
  }, 5);
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  await once(socket, 'close');
  clearInterval(timer);
  return answer;
}

test('who sends headers without an end is closed with 408, while others are served', async () => {
  service = await startWebService(folder.path, undefined, { ...quick, headersTimeout: 100 });
  const socket = await open(service.port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
  const slow = trickle(socket, 'X-A: b\r\n');
  expect((await ask(`http://127.0.0.1:${service.port}/`)).status).toBe(200);
  expect(await slow).toContain('408 Request Timeout');
  expect(service.seen).toEqual(['/']);
});

test('who sends a body without an end is closed', async () => {
  service = await startWebService(folder.path, undefined, {
    ...quick,
    headersTimeout: 100,
    requestTimeout: 200,
  });
  const socket = await open(service.port);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n');
  await trickle(socket, 'a');
  expect((await ask(`http://127.0.0.1:${service.port}/`)).status).toBe(200);
});

test('who never ends the agreement on TLS is closed', async () => {
  service = await startWebService(folder.path, TLS, { ...quick, handshakeTimeout: 100 });
  const socket = await open(service.port);
  // The head of a record with 512 bytes, of which none comes.
  socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
  await once(socket, 'close');
  const options = { rejectUnauthorized: false };
  expect((await ask(`https://127.0.0.1:${service.port}/`, options)).status).toBe(200);
});

test('headers that are too long are refused', async () => {
  service = await startWebService(folder.path, undefined, quick);
  const headers = { 'x-long': 'a'.repeat(17_000) };
  expect((await ask(`http://127.0.0.1:${service.port}/`, { headers })).status).toBe(431);
});

/** Waits for an answer: the server may see the end of one connection after the beginning of the next. */
const untilServed = (url: string, options: object = {}) =>
  waitUntil(() => ask(url, options).catch(() => false), { what: 'a place that became free' });

test('connections beyond their number are closed, and places that become free are used', async () => {
  service = await startWebService(folder.path, undefined, { ...quick, maxConnections: 2 });
  const first = await open(service.port);
  await open(service.port);
  const third = await open(service.port);
  await once(third, 'close');
  first.destroy();
  await untilServed(`http://127.0.0.1:${service.port}/`);
  expect(service.seen).toEqual(['/']);
});

test.each(['http', 'https'])(
  'over %s, connections beyond those of one address are closed',
  async (scheme) => {
    const text = scheme === 'https' ? TLS : undefined;
    service = await startWebService(folder.path, text, { ...quick, maxConnectionsFromOne: 1 });
    const first = await open(service.port);
    const second = await open(service.port);
    await once(second, 'close');
    const options = { localAddress: '127.0.0.2', rejectUnauthorized: false };
    const url = `${scheme}://127.0.0.1:${service.port}/`;
    expect((await ask(url, options)).status).toBe(200);
    first.destroy();
    await untilServed(url, { ...options, localAddress: '127.0.0.1' });
    expect(service.seen).toEqual(['/', '/']);
  },
);

test('a connection on which nothing moves is closed', async () => {
  service = await startWebService(folder.path, undefined, { ...quick, idleTimeout: 50 });
  await once(await open(service.port), 'close');
  expect((await ask(`http://127.0.0.1:${service.port}/`)).status).toBe(200);
});

test('an answer may take as long as the longest timeout of a scrape', () => {
  expect(serverLimits.idleTimeout).toBeGreaterThan(120_000);
  expect(serverLimits.keepAliveTimeout).toBeGreaterThan(60_000);
});
