import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../lab/parts/free-port.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { createAuthority } from '../helpers/certificates.ts';
import { startWebService, type WebService } from '../helpers/web-service.ts';

const script = fileURLToPath(new URL('../../web/healthcheck.ts', import.meta.url));
const isHealthy = (port: number) =>
  runCommand([process.execPath, script, String(port)]).then(
    () => true,
    () => false,
  );
let folder: TempFolder;
let service: WebService | undefined;

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  await (await createAuthority(folder.path, 'authority')).issue('server', ['DNS:another.example']);
});
afterEach(() => service?.close());
afterAll(() => folder.remove());

test.each([
  ['HTTP', undefined],
  ['TLS', 'tls_server_config: { cert_file: server.crt, key_file: server.key }'],
  [
    'TLS with a certificate of the client',
    'tls_server_config: { cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt }',
  ],
])('a service over %s is healthy', async (_kind, text) => {
  service = await startWebService(folder.path, text);
  expect(await isHealthy(service.port)).toBe(true);
});

test('a port where nobody listens is not', async () => {
  expect(await isHealthy(await freePort())).toBe(false);
});

const ill: readonly [string, RequestListener][] = [
  ['answers with 500', (_request, response) => void response.writeHead(500).end()],
  ['never answers', () => undefined],
];

test.each(ill)('a service that %s is not', async (_kind, app) => {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await isHealthy((server.address() as AddressInfo).port)).toBe(false);
  server.close();
  server.closeAllConnections();
});
