import { writeFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probeHttp, type HttpExpectation } from '../../../exporter/clients/http-probe.ts';
import { freePorts } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let folder: TempFolder;
let nginx: RunningProcess;
let ports: { plain: number; selfSigned: number; expired: number };
const servers: (Server | TcpServer)[] = [];

beforeAll(async () => {
  folder = await createTempFolder('steward-probe');
  const [plain = 0, selfSigned = 0, expired = 0] = await freePorts(3);
  ports = { plain, selfSigned, expired };
  await makeCertificate('self-signed', '20300101000000Z');
  await makeCertificate('expired', '20200201000000Z');
  await writeFile(join(folder.path, 'nginx.conf'), nginxConfiguration());
  nginx = await startProcess({
    name: 'nginx',
    argv: ['/usr/sbin/nginx', '-c', join(folder.path, 'nginx.conf')],
    logFile: join(folder.path, 'nginx.log'),
    debianPackage: 'nginx',
  });
  await nginx.untilReady(async () => (await fetch(`http://127.0.0.1:${plain}/`)).ok);
});
afterAll(async () => {
  for (const server of servers) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
  await nginx.stop();
  await folder.remove();
});

async function makeCertificate(name: string, end: string): Promise<void> {
  await mkdir(join(folder.path, name));
  const at = (file: string) => join(folder.path, name, file);
  await runCommand([
    'openssl',
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    at('key.pem'),
    '-out',
    at('csr.pem'),
    '-subj',
    '/CN=127.0.0.1',
  ]);
  await writeFile(at('index.txt'), '');
  await writeFile(at('serial'), '01\n');
  const ca = `[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=${at('')}\ndatabase=${at('index.txt')}\nserial=${at('serial')}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`;
  await writeFile(at('ca.cnf'), ca);
  const dates = ['-startdate', '20200101000000Z', '-enddate', end];
  await runCommand([
    'openssl',
    'ca',
    '-batch',
    '-selfsign',
    '-notext',
    '-config',
    at('ca.cnf'),
    '-in',
    at('csr.pem'),
    '-keyfile',
    at('key.pem'),
    '-out',
    at('cert.pem'),
    ...dates,
  ]);
}

function nginxConfiguration(): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder.path}/${name};`,
  );
  const tls = (port: number, name: string) =>
    `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder.path}/${name}/cert.pem; ssl_certificate_key ${folder.path}/${name}/key.pem; return 200 "hello"; }`;
  return `daemon off; pid ${folder.path}/nginx.pid; error_log stderr; events {} http { access_log off; ${temp.join(' ')}
    server { listen 127.0.0.1:${ports.plain}; default_type text/html;
      location / { return 200 "hello from a site"; }
      location /moved { return 301 /; }
      location /loop { return 302 /loop; }
      location /mail { return 302 mailto:x@example.com; }
      location /broken { return 502; } }
    ${tls(ports.selfSigned, 'self-signed')} ${tls(ports.expired, 'expired')} }`;
}

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
