import { rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import {
  createAuthority,
  replaceCertificate,
  type TestAuthority,
  type TestCertificate,
} from '../helpers/certificates.ts';
import { ask, type WebAnswer } from '../helpers/web-request.ts';
import { startWebService, type WebService } from '../helpers/web-service.ts';

const TLS = 'cert_file: server.crt, key_file: server.key';
let folder: TempFolder;
let authority: TestAuthority;
let stranger: TestAuthority;
let [server, renewed]: TestCertificate[] = [];
let service: WebService | undefined;

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  authority = await createAuthority(folder.path, 'authority');
  stranger = await createAuthority(folder.path, 'stranger');
});
afterEach(() => service?.close());
afterAll(() => folder.remove());

async function start(settings: string): Promise<WebService> {
  server = await authority.issue('server', ['DNS:localhost', 'IP:127.0.0.1']);
  service = await startWebService(folder.path, `tls_server_config: { ${settings} }`);
  return service;
}

const get = ({ port }: WebService, options: object = {}): Promise<WebAnswer> =>
  ask(`https://127.0.0.1:${port}/`, { ca: authority.cert, ...options });

describe('a certificate that changes on disk', () => {
  beforeAll(async () => {
    renewed = await authority.issue('renewed', ['IP:127.0.0.1']);
  });

  test('is served from the next connection on, while an open one goes on', async () => {
    const running = await start(TLS);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const [open, before] = [await get(running, { agent }), await get(running)];
    await replaceCertificate(server as TestCertificate, renewed as TestCertificate);
    const after = await get(running);
    expect(after.status).toBe(200);
    expect(after.serial).not.toBe(before.serial);
    expect((await get(running, { agent })).port).toBe(open.port);
    agent.destroy();
  });

  test('is not served while its key is missing; the one before stays, and the log says so once', async () => {
    const running = await start(TLS);
    const before = await get(running);
    await rm((server as TestCertificate).keyFile);
    for (let times = 0; times < 3; times += 1) expect((await get(running)).serial).toBe(before.serial);
    expect(running.log).toEqual([
      expect.stringMatching(/tls_server_config\.key_file: found no file at .*server\.key/),
    ]);
    await replaceCertificate(server as TestCertificate, renewed as TestCertificate);
    expect((await get(running)).serial).not.toBe(before.serial);
  });
});

describe('versions', () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

  test('TLS 1.1 is refused, 1.2 and 1.3 are spoken', async () => {
    const running = await start(TLS);
    await expect(get(running, old)).rejects.toThrow('alert protocol version');
    expect((await get(running, { maxVersion: 'TLSv1.2' })).status).toBe(200);
    expect((await get(running, { minVersion: 'TLSv1.3' })).status).toBe(200);
  });

  test('min_version and max_version hold', async () => {
    const newest = await start(`${TLS}, min_version: TLS13`);
    await expect(get(newest, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
    newest.close();
    const older = await start(`${TLS}, max_version: TLS12`);
    await expect(get(older, { minVersion: 'TLSv1.3' })).rejects.toThrow();
  });

  test('of cipher suites only those that are named are spoken', async () => {
    const running = await start(`${TLS}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]`);
    const with12 = (ciphers: string) => get(running, { maxVersion: 'TLSv1.2', ciphers });
    await expect(with12('ECDHE-ECDSA-AES128-GCM-SHA256')).rejects.toThrow();
    expect((await with12('ECDHE-ECDSA-AES256-GCM-SHA384')).status).toBe(200);
    expect((await get(running, { minVersion: 'TLSv1.3' })).status).toBe(200);
  });

  test('plain HTTP is not answered', async () => {
    const running = await start(TLS);
    await expect(ask(`http://127.0.0.1:${running.port}/`)).rejects.toThrow();
    expect(running.seen).toEqual([]);
  });
});

describe('a certificate of the client', () => {
  const ca = 'client_ca_file: authority.crt';
  const cases = [
    { type: 'NoClientCert', more: '', none: true, good: true, strange: true },
    { type: 'RequestClientCert', more: '', none: true, good: true, strange: true },
    { type: 'RequireAnyClientCert', more: '', none: false, good: true, strange: true },
    { type: 'VerifyClientCertIfGiven', more: `, ${ca}`, none: true, good: true, strange: false },
    { type: 'RequireAndVerifyClientCert', more: `, ${ca}`, none: false, good: true, strange: false },
    {
      type: 'RequireAndVerifyClientCert',
      more: `, ${ca}, client_allowed_sans: [prometheus.example]`,
      ...{ none: false, good: true, strange: false },
    },
    {
      type: 'RequireAndVerifyClientCert',
      more: `, ${ca}, client_allowed_sans: ['2001:db8::1']`,
      ...{ none: false, good: true, strange: false },
    },
    {
      type: 'RequireAndVerifyClientCert',
      more: `, ${ca}, client_allowed_sans: [example]`,
      ...{ none: false, good: false, strange: false },
    },
  ];

  test.each(cases)('under $type$more', async ({ type, more, ...expected }) => {
    const running = await start(`${TLS}, client_auth_type: ${type}${more}`);
    const sans = ['DNS:prometheus.example', 'IP:2001:db8::1'];
    const good = await authority.issue('good', sans, 'clientAuth');
    const strange = await stranger.issue('strange', sans, 'clientAuth');
    const isServed = (options: object) =>
      get(running, options).then(
        ({ status }) => status === 200,
        () => false,
      );
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const shared = { minVersion: version, maxVersion: version };
      const served = {
        none: await isServed(shared),
        good: await isServed({ ...shared, cert: good.cert, key: good.key }),
        strange: await isServed({ ...shared, cert: strange.cert, key: strange.key }),
      };
      expect({ version, ...served }).toEqual({ version, ...expected });
    }
    // Who is not let in reaches nothing, not even before the connection is closed.
    expect(running.seen).toHaveLength(2 * Object.values(expected).filter(Boolean).length);
  });

  test('for servers alone does not let in a client', async () => {
    const running = await start(`${TLS}, client_auth_type: RequireAndVerifyClientCert, ${ca}`);
    const { cert, key } = server as TestCertificate;
    await expect(get(running, { cert, key })).rejects.toThrow();
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is asked for in each connection over %s', async (version) => {
    const running = await start(`${TLS}, client_auth_type: RequireAndVerifyClientCert, ${ca}`);
    const { cert, key } = await authority.issue('good', ['DNS:a'], 'clientAuth');
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 });
    const options = { agent, cert, key, minVersion: version, maxVersion: version };
    for (let times = 0; times < 3; times += 1)
      expect(await get(running, options)).toMatchObject({ status: 200, isResumed: false });
  });

  test('of an authority that is taken away is refused from then on', async () => {
    const running = await start(`${TLS}, client_auth_type: RequireAndVerifyClientCert, ${ca}`);
    const { cert, key } = await authority.issue('good', ['DNS:a'], 'clientAuth');
    expect((await get(running, { cert, key })).status).toBe(200);
    await running.configure(
      `tls_server_config: { ${TLS}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: stranger.crt }`,
    );
    await expect(get(running, { cert, key })).rejects.toThrow();
    expect(running.seen).toHaveLength(1);
  });
});

test('what protects is not taken away while the service runs', async () => {
  const running = await start(`${TLS}, client_auth_type: RequireAnyClientCert`);
  for (const text of ['', '{}', `tls_server_config: { ${TLS} }`]) {
    await running.configure(text);
    await expect(get(running)).rejects.toThrow();
    await expect(ask(`http://127.0.0.1:${running.port}/`)).rejects.toThrow();
  }
  expect(running.log).toHaveLength(3);
  expect(running.log.at(-1)).toContain('start it again for another; what was read before stays');
});
