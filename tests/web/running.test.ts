import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { createAuthority, type TestAuthority } from '../helpers/certificates.ts';
import { startPrometheusOn } from '../helpers/prometheus.ts';
import { ask, basic } from '../helpers/web-request.ts';

const services = ['exporter', 'remediator'] as const;
type Service = (typeof services)[number];

let folder: TempFolder;
let authority: TestAuthority;
let protectedText: string;
const running: RunningProcess[] = [];

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  authority = await createAuthority(folder.path, 'authority');
  await authority.issue('server', ['IP:127.0.0.1']);
  protectedText = `tls_server_config: { cert_file: server.crt, key_file: server.key }
basic_auth_users: { prometheus: '${await hash('scrape', 10)}' }
`;
  await mkdir(join(folder.path, 'secrets'));
  for (const name of ['exporter_password', 'ping_token', 'webhook_token', 'remediator_password'])
    await writeFile(join(folder.path, 'secrets', name), name, { mode: 0o600 });
});
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));
afterAll(() => folder.remove());

/** Starts a service on its web configuration, and resolves with the port. */
async function start(service: Service, webConfig: string): Promise<number> {
  const port = await freePort();
  const [config, web] = [join(folder.path, 'steward.yml'), join(folder.path, 'web.yml')];
  await writeFile(web, webConfig);
  const jobs = 'jobs: { draft: { every: 1h, pipeline: articles, stage: draft, max_duration: 1h } }';
  const address = `listen: '127.0.0.1:${port}', ${service === 'exporter' ? 'url' : 'external_url'}: 'https://127.0.0.1:${port}'`;
  await writeFile(config, `${service}: { ${address} }\n${jobs}\n`);
  const main = fileURLToPath(new URL(`../../${service}/main.ts`, import.meta.url));
  const started = await startProcess({
    name: service,
    argv: [process.execPath, main, '--config', config, `--web.config.file=${web}`],
    logFile: join(folder.path, `${service}.log`),
  });
  running.push(started);
  const healthy = () => ask(`https://127.0.0.1:${port}/-/healthy`, { ca: authority.cert });
  await started.untilReady(async () => (await healthy().catch(() => undefined))?.status === 200);
  return port;
}

test('Prometheus finds and scrapes the exporter over TLS with its user, and gets nothing with a wrong password', async () => {
  const port = await start('exporter', protectedText);
  await writeFile(join(folder.path, 'right'), 'scrape');
  await writeFile(join(folder.path, 'wrong'), 'scrapE');
  const login = (password: string) => `
    scheme: https
    tls_config: { ca_file: ${join(folder.path, 'authority.crt')} }
    basic_auth: { username: prometheus, password_file: ${join(folder.path, password)} }`;
  const prometheus = await startPrometheusOn(
    folder.path,
    `global: { scrape_interval: 500ms, scrape_timeout: 500ms }
scrape_configs:
  - job_name: steward${login('right')}
    http_sd_configs:
      - url: https://127.0.0.1:${port}/targets
        refresh_interval: 1s${login('right').replace('\n    scheme: https', '').replaceAll('\n    ', '\n        ')}
  - job_name: wrong-password${login('wrong')}
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
  - job_name: no-tls
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`,
  );
  running.push(prometheus.process);
  await prometheus.untilTrue('up{job="exporter"} == 1 and on () up{job="job", instance="draft"} == 1');
  await prometheus.untilTrue('up{job="wrong-password"} == 0 and on () up{job="no-tls"} == 0');
  expect(await prometheus.client.query('up{job=~"wrong-password|no-tls"} == 1')).toEqual([]);
});

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
  const port = await start(service, protectedText);
  const passes = async (path: string, method: string, headers: object) => {
    const url = `https://127.0.0.1:${port}${path}`;
    return (await ask(url, { ca: authority.cert, method, headers: { ...headers } })).status !== 401;
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
  const [exporter, remediator] = [
    await start('exporter', protectedText),
    await start('remediator', protectedText),
  ];
  const post = async (url: string, headers: object) =>
    (await ask(url, { ca: authority.cert, method: 'POST', headers: { ...headers } })).status;
  const ping = `https://127.0.0.1:${exporter}/ping/draft`;
  expect(await post(ping, { authorization: 'Bearer ping_token' })).toBe(200);
  expect(await post(ping, user)).toBe(404);
  const webhook = `https://127.0.0.1:${remediator}/webhook`;
  expect(await post(webhook, { authorization: 'Bearer webhook_token' })).toBe(400);
});

test('the command `steward` trusts the authority that NODE_EXTRA_CA_CERTS names, and says so without', async () => {
  await start('remediator', protectedText);
  const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
  const runs = (...environment: string[]) =>
    runCommand(['env', ...environment, process.execPath, script, 'runs'], { cwd: folder.path });
  const { stderr } = await runs(`NODE_EXTRA_CA_CERTS=${authority.certFile}`);
  expect(stderr).toContain('no alert has come yet');
  await expect(runs()).rejects.toThrow('name the file of that in NODE_EXTRA_CA_CERTS');
});

test.each(services)('the headers of the file stand before those of the pages of the %s', async (service) => {
  const policy = "default-src 'none'; frame-ancestors 'self'";
  const text = `http_server_config: { headers: { Content-Security-Policy: "${policy}" } }\n${protectedText}`;
  const port = await start(service, text);
  const headers = service === 'exporter' ? user : steward.remediator;
  const page = await ask(`https://127.0.0.1:${port}/`, { ca: authority.cert, headers });
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
    const web = join(folder.path, `${service}-refused.yml`);
    if (text !== undefined) await writeFile(web, text);
    await writeFile(join(folder.path, 'steward.yml'), 'hosts: {}\n');
    const main = fileURLToPath(new URL(`../../${service}/main.ts`, import.meta.url));
    const logFile = join(folder.path, `${service}-refused.log`);
    const argv = [process.execPath, main, '--config', join(folder.path, 'steward.yml')] as const;
    await writeFile(logFile, '');
    const started = await startProcess({ name: service, argv: [...argv, '--web.config.file', web], logFile });
    expect(await started.ended).toEqual({ exitCode: 1, signal: null });
    const [first = '', ...more] = started.logTail().trimEnd().split('\n');
    expect(first).toContain(message);
    expect(first.startsWith(web)).toBe(true);
    for (const line of more) expect(line.startsWith(web)).toBe(true);
  });
});
