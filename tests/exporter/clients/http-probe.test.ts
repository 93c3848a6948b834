import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probeHttp, type HttpExpectation } from '../../../exporter/clients/http-probe.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startProbedNginx, type ProbedNginx } from '../../helpers/probed-nginx.ts';

let folder: TempFolder;
let nginx: ProbedNginx;
let ports: ProbedNginx['ports'];
const servers: (Server | TcpServer)[] = [];

beforeAll(async () => {
  folder = await createTempFolder('steward-probe');
  nginx = await startProbedNginx(folder.path);
  ports = nginx.ports;
});
afterAll(async () => {
  for (const server of servers) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
  await nginx.stop();
  await folder.remove();
});

const probe = (url: string, expectation: HttpExpectation = {}, signal = AbortSignal.timeout(10_000)) =>
  probeHttp(new URL(url), expectation, signal);
const plain = (path: string) => `http://127.0.0.1:${ports.plain}${path}`;

/** A server that does as it is told with each connection. */
async function misbehaving(onConnection: Parameters<typeof createTcpServer>[1]): Promise<string> {
  const server = createTcpServer(onConnection);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a real nginx', () => {
  test('that answers is up, with the phases measured', async () => {
    const result = await probe(plain('/'));
    expect(result).toMatchObject({ isSuccess: true, redirects: 0, last: { status: 200, ipVersion: 4 } });
    expect(result.phases.processing).toBeGreaterThan(0);
  });

  test('that redirects is followed', async () => {
    expect(await probe(plain('/moved'))).toMatchObject({ isSuccess: true, redirects: 1 });
  });

  test.each([
    ['/loop', 'more than 10 redirects'],
    ['/mail', 'a redirect to an address that is not http'],
    ['/broken', 'status 502'],
  ])('%s is down: %s', async (path, fault) => {
    expect(await probe(plain(path))).toMatchObject({ isSuccess: false, fault });
  });

  test('is up with a status that is expected', async () => {
    expect((await probe(plain('/broken'), { status: [502] })).isSuccess).toBe(true);
  });

  test('without the expected text is down, and says so', async () => {
    expect(await probe(plain('/'), { body: 'goodbye' })).toMatchObject({
      isSuccess: false,
      isBodyMissing: true,
    });
    expect(await probe(plain('/'), { body: 'from a site' })).toMatchObject({
      isSuccess: true,
      isBodyMissing: false,
    });
  });

  test.each<[name: 'selfSigned' | 'expired', expiry: string]>([
    ['selfSigned', '2030-01-01'],
    ['expired', '2020-02-01'],
  ])('with a certificate that is %s is down, and its expiry is told', async (name, expiry) => {
    const result = await probe(`https://127.0.0.1:${ports[name]}/`);
    expect(result.isSuccess).toBe(false);
    expect(result.fault).toContain('the certificate is not valid');
    expect(result.tls?.earliestExpirySeconds).toBe(Date.parse(expiry) / 1000);
  });
});

describe('a server that misbehaves is down', () => {
  test('one that never answers', async () => {
    const url = await misbehaving((socket) => socket.on('error', () => undefined));
    expect((await probe(url, {}, AbortSignal.timeout(100))).isSuccess).toBe(false);
  });

  test('one that resets', async () => {
    const url = await misbehaving((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await probe(url)).toMatchObject({ isSuccess: false, last: undefined });
  });

  test('one that answers garbage', async () => {
    const url = await misbehaving((socket) => socket.once('data', () => socket.end('\u0000garbage\r\n\r\n')));
    expect(await probe(url)).toMatchObject({ isSuccess: false, last: undefined });
  });

  test('one that says gzip and sends something else', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello';
    const url = await misbehaving((socket) => socket.once('data', () => socket.end(head)));
    expect((await probe(url)).isSuccess).toBe(false);
  });

  test('one whose page never ends is not read for ever', async () => {
    const url = await misbehaving((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const chunk = Buffer.alloc(1024 * 1024);
      const push = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', push);
      push();
    });
    expect(await probe(url)).toMatchObject({ isSuccess: false, fault: 'the page is longer than 10 MiB' });
  });

  test('a compressed page is read, and both lengths are told', async () => {
    const page = Buffer.alloc(10_000, 'steward ');
    const server = createServer((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(page));
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const result = await probe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      body: 'steward',
    });
    expect(result.isSuccess).toBe(true);
    expect(result.last?.body).toHaveLength(10_000);
    expect(result.last?.transferredBytes).toBe(gzipSync(page).length);
  });
});
