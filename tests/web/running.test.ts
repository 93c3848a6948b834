import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startProcess } from '../../lab/parts/process.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { ask, basic } from '../helpers/web-request.ts';
import { createPlace, mainOf, services, startService, type Place, type Service } from './running-service.ts';

let place: Place;

beforeAll(async () => {
  place = await createPlace();
});
afterEach(() => Promise.all(place.running.splice(0).map((one) => one.stop())));
afterAll(() => place.folder.remove());

/** Starts a service behind the web configuration with TLS and a user, and resolves with its port. */
const start = (service: Service) => startService(place, service, place.protectedText);

const [user, steward] = [
  basic('prometheus', 'scrape'),
  { exporter: basic('steward', 'exporter_password'), remediator: basic('steward', 'remediator_password') },
];

/** Who gets past the login at a path; `own` is the login that the path has of its own. */
const paths = [
  { service: 'exporter', path: '/-/healthy', method: 'GET', none: true, user: true, own: true },
  { service: 'exporter', path: '/-/ready', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/metrics', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/targets', method: 'GET', none: false, user: true, own: false },
  {
    service: 'exporter',
    path: '/probe?module=job&target=draft',
    method: 'GET',
    none: false,
    user: true,
    own: false,
  },
  { service: 'exporter', path: '/results/1', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/none', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/refresh', method: 'GET', none: false, user: true, own: false },
  { service: 'exporter', path: '/refresh', method: 'POST', none: false, user: false, own: true },
  { service: 'exporter', path: '/-/reload', method: 'POST', none: false, user: false, own: true },
  { service: 'remediator', path: '/-/healthy', method: 'GET', none: true, user: true, own: true },
  { service: 'remediator', path: '/-/ready', method: 'GET', none: false, user: true, own: false },
  { service: 'remediator', path: '/metrics', method: 'GET', none: false, user: true, own: false },
  { service: 'remediator', path: '/', method: 'GET', none: false, user: false, own: true },
  { service: 'remediator', path: '/api/runs', method: 'GET', none: false, user: false, own: true },
  { service: 'remediator', path: '/-/reload', method: 'POST', none: false, user: false, own: true },
  { service: 'remediator', path: '/webhook', method: 'POST', none: false, user: false, own: false },
  { service: 'remediator', path: '/none', method: 'GET', none: false, user: false, own: true },
] as const;

test.each(services)('each path of the %s asks for one login', async (service) => {
  const port = await start(service);
  const passes = async (path: string, method: string, headers: object) => {
    const url = `https://127.0.0.1:${port}${path}`;
    return (await ask(url, { ca: place.authority.cert, method, headers: { ...headers } })).status !== 401;
  };
  for (const { path, method, ...expected } of paths.filter((one) => one.service === service)) {
    const passed = {
      none: await passes(path, method, {}),
      user: await passes(path, method, user),
      own: await passes(path, method, steward[service]),
    };
    expect({ path, method, service, ...passed }).toEqual({ path, method, ...expected });
  }
});

test('jobs report in with their token alone, and Alertmanager with its own', async () => {
  const [exporter, remediator] = [await start('exporter'), await start('remediator')];
  const post = async (url: string, headers: object) =>
    (await ask(url, { ca: place.authority.cert, method: 'POST', headers: { ...headers } })).status;
  const ping = `https://127.0.0.1:${exporter}/ping/draft`;
  expect(await post(ping, { authorization: 'Bearer ping_token' })).toBe(200);
  expect(await post(ping, user)).toBe(404);
  const webhook = `https://127.0.0.1:${remediator}/webhook`;
  expect(await post(webhook, { authorization: 'Bearer webhook_token' })).toBe(400);
});

test('the command `steward` trusts the authority that NODE_EXTRA_CA_CERTS names, and says so without', async () => {
  await start('remediator');
  const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
  const runs = (...environment: string[]) =>
    runCommand(['env', ...environment, process.execPath, script, 'runs'], { cwd: place.folder.path });
  const { stderr } = await runs(`NODE_EXTRA_CA_CERTS=${place.authority.certFile}`);
  expect(stderr).toContain('no alert has come yet');
  await expect(runs()).rejects.toThrow('name the file of that in NODE_EXTRA_CA_CERTS');
});

test.each(services)('the headers of the file stand before those of the pages of the %s', async (service) => {
  const policy = "default-src 'none'; frame-ancestors 'self'";
  const text = `http_server_config: { headers: { Content-Security-Policy: "${policy}" } }\n${place.protectedText}`;
  const port = await startService(place, service, text);
  const headers = service === 'exporter' ? user : steward.remediator;
  const page = await ask(`https://127.0.0.1:${port}/`, { ca: place.authority.cert, headers });
  expect(page).toMatchObject({ status: 200, headers: { 'content-security-policy': policy } });
});

describe.each(services)('the %s does not start', (service) => {
  test.each([
    ['a file that is missing', undefined, 'found no file at'],
    ['garbage', '\0\x01', 'expected YAML that parses'],
    [
      'a certificate that is missing',
      'tls_server_config: { cert_file: no, key_file: no }',
      'cert_file: found no file at',
    ],
  ])('on %s, and says why in a line of its own', async (_kind, text, message) => {
    const web = join(place.folder.path, `${service}-refused.yml`);
    if (text !== undefined) await writeFile(web, text);
    await writeFile(join(place.folder.path, 'steward.yml'), 'hosts: {}\n');
    const logFile = join(place.folder.path, `${service}-refused.log`);
    const argv = [
      process.execPath,
      mainOf(service),
      '--config',
      join(place.folder.path, 'steward.yml'),
    ] as const;
    await writeFile(logFile, '');
    const started = await startProcess({ name: service, argv: [...argv, '--web.config.file', web], logFile });
    expect(await started.ended).toEqual({ exitCode: 1, signal: null });
    const [first = '', ...more] = started.logTail().trimEnd().split('\n');
    expect(first).toContain(message);
    expect(first.startsWith(web)).toBe(true);
    for (const line of more) expect(line.startsWith(web)).toBe(true);
  });
});
