import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
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

const compressions: [encoding: string, compress: (page: Buffer) => Buffer][] = [
  ['gzip', (page) => gzipSync(page)],
  ['deflate', (page) => deflateSync(page)],
  ['br', (page) => brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ['zstd', (page) => zstdCompressSync(page)],
];

/** A server that does as it is told with each connection. */
async function misbehaving(onConnection: Parameters<typeof createTcpServer>[1]): Promise<string> {
  const server = createTcpServer(onConnection);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A server that answers each request as it is told. */
async function answering(listener: RequestListener, address = '127.0.0.1'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, address);
  await once(server, 'listening');
  const name = address.includes(':') ? `[${address}]` : address;
  return `http://${name}:${(server.address() as AddressInfo).port}/`;
}

describe('a real nginx', () => {
  test('that answers is up, with the phases measured', async () => {
    const result = await probe(plain('/'));
    expect(result).toMatchObject({ fault: undefined, redirects: 0, ipVersion: 4, last: { status: 200 } });
    expect(result.phases.processing).toBeGreaterThan(0);
  });

  test('that redirects is followed', async () => {
    expect(await probe(plain('/moved-twice'))).toMatchObject({
      fault: undefined,
      redirects: 2,
      isAway: false,
    });
  });

  test('that redirects to another site is told', async () => {
    expect(await probe(plain('/moved-away'))).toMatchObject({ fault: undefined, redirects: 1, isAway: true });
  });

  test.each([
    ['/loop', 'more than 10 redirects'],
    ['/mail', 'a redirect to an address that is not http'],
    ['/impossible', 'URI malformed'],
    ['/broken', 'status 502'],
  ])('%s is down: %s', async (path, fault) => {
    expect(await probe(plain(path))).toMatchObject({ fault });
  });

  test('is up with a status that is expected', async () => {
    expect(await probe(plain('/broken'), { status: [502] })).toMatchObject({ fault: undefined });
  });

  test.each<[HttpExpectation, fault: string | undefined]>([
    [{ body: 'from a site' }, undefined],
    [{ body: 'goodbye' }, 'the expected text is not on the page'],
    [{ body_regexp: '(?i)HELLO\\s+from .+ site' }, undefined],
    [{ body_regexp: 'goodbye|^from' }, 'the expected expression does not match the page'],
    [{ body: 'from a site', body_regexp: 'goodbye' }, 'the expected expression does not match the page'],
  ])('%j on the page: %s', async (expectation, fault) => {
    expect(await probe(plain('/'), expectation)).toMatchObject({ fault, isBodyMissing: fault !== undefined });
  });

  test('an expression that an engine could try for ever is given up', async () => {
    const url = await answering((_request, response) => response.end('a'.repeat(5000)));
    expect(await probe(url, { body_regexp: '(a+)+b' })).toMatchObject({
      fault: 'the expected expression takes longer than 100 ms on this page',
      isBodyMissing: true,
    });
  });

  test.each<[name: 'selfSigned' | 'expired', expiry: string]>([
    ['selfSigned', '2030-01-01'],
    ['expired', '2020-02-01'],
  ])('with a certificate that is %s is down, and its expiry is told', async (name, expiry) => {
    const result = await probe(`https://127.0.0.1:${ports[name]}/`);
    expect(result.fault).toContain('the certificate is not valid');
    expect(result.tls?.earliestExpirySeconds).toBe(Date.parse(expiry) / 1000);
  });

  test('that redirects over a certificate that is not valid is down, as visitors come no further', async () => {
    const result = await probe(plain('/moved-over-tls'));
    expect(result).toMatchObject({ redirects: 2, isLastOverTls: false, last: { status: 200 } });
    expect(result.fault).toContain('the certificate is not valid');
    expect(result.tls?.earliestExpirySeconds).toBe(Date.parse('2020-02-01') / 1000);
  });

  describe('whose authority is trusted', () => {
    const trusted = getCACertificates();
    beforeAll(async () => {
      setDefaultCACertificates([...trusted, await readFile(nginx.selfSignedFile, 'utf8')]);
    });
    afterAll(() => {
      setDefaultCACertificates(trusted);
    });

    test('is up, and its chain is valid', async () => {
      const result = await probe(`https://127.0.0.1:${ports.selfSigned}/`);
      expect(result).toMatchObject({ fault: undefined, isLastOverTls: true });
      expect(result.tls).toMatchObject({ version: expect.stringMatching(/^TLSv1\.[23]$/), fault: undefined });
    });

    test('is down under a name that is not in its certificate', async () => {
      const result = await probe(`https://localhost:${ports.selfSigned}/`);
      expect(result.fault).toContain('the certificate is not valid: ERR_TLS_CERT_ALTNAME_INVALID');
    });
  });
});

describe('a server that misbehaves is down', () => {
  test('one that never answers, and the time is that of the processing', async () => {
    const url = await misbehaving((socket) => socket.on('error', () => undefined));
    const { fault, last, phases } = await probe(url, {}, AbortSignal.timeout(100));
    expect({ fault, last }).toEqual({ fault: expect.any(String), last: undefined });
    expect(phases.processing).toBeGreaterThan(phases.connect);
  });

  test('one that resets', async () => {
    const url = await misbehaving((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await probe(url)).toMatchObject({ fault: expect.any(String), last: undefined });
  });

  test.each([
    ['garbage', '\u0000garbage\r\n\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-flood: more and more\r\n'.repeat(10_000)}`],
    ['one header without end', `HTTP/1.1 200 OK\r\nx-flood: ${'x'.repeat(1_000_000)}`],
  ])('one that answers %s', async (_what, text) => {
    const url = await misbehaving((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text));
    });
    expect(await probe(url)).toMatchObject({ fault: expect.any(String), last: undefined });
  });

  test('one that says gzip and sends something else', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello';
    const url = await misbehaving((socket) => socket.once('data', () => socket.end(head)));
    expect((await probe(url)).fault).toContain('incorrect header check');
  });

  test('one that breaks off, with what came until then', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello';
    const url = await misbehaving((socket) => socket.once('data', () => socket.end(head)));
    expect(await probe(url)).toMatchObject({
      fault: 'aborted',
      last: { status: 200, transferredBytes: 5 },
    });
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
    expect(await probe(url)).toMatchObject({ fault: 'the page is longer than 10 MiB' });
  });

  test.each(compressions)(
    'a page of 100 MB in a few bytes of %s is unpacked to the limit only',
    async (encoding, compress) => {
      const bomb = compress(Buffer.alloc(100_000_000));
      const url = await answering((_request, response) =>
        response.setHeader('content-encoding', encoding).end(bomb),
      );
      const { fault, last } = await probe(url);
      expect(fault).toBe('the page is longer than 10 MiB');
      expect(last?.body.length).toBeLessThan(11 * 1024 * 1024);
    },
  );
});

describe('what a visitor gets', () => {
  test.each(compressions)('with %s is read, and both lengths are told', async (encoding, compress) => {
    const page = Buffer.alloc(10_000, 'steward ');
    const url = await answering(({ headers }, response) => {
      const isAsked = headers['accept-encoding']?.split(', ').includes(encoding);
      response.setHeader('content-encoding', encoding).end(isAsked ? compress(page) : '');
    });
    const result = await probe(url, { body: 'steward' });
    expect(result.fault).toBeUndefined();
    expect(result.last?.body).toHaveLength(10_000);
    expect(result.last?.transferredBytes).toBe(compress(page).length);
  });

  test('over IPv6', async () => {
    const url = await answering((_request, response) => response.end('hello'), '::1');
    expect(await probe(url)).toMatchObject({ fault: undefined, ipVersion: 6 });
  });
});
