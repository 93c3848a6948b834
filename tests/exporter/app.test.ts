import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createApp } from '../../exporter/app.ts';
import { startExporter, type Exporter } from '../../exporter/exporter.ts';
import { jobRecordsSchema, openJobStore } from '../../exporter/jobs/job-store.ts';
import { pingRoutes } from '../../exporter/jobs/ping-routes.ts';
import { openStateFile } from '../../exporter/state/state-file.ts';
import { createInventoryHolder } from '../../inventory/inventory-holder.ts';
import { Secret } from '../../inventory/secret.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { createWebHandlers } from '../../web/web-handlers.ts';
import { documentedMetrics } from '../helpers/documented-metrics.ts';

const goodWith = (silentPort: number) => `hosts:
  here: { local: true }
  gone: { address: 127.0.0.1, port: 1, read_key_file: r, act_key_file: a, host_key: 'SHA256:${'A'.repeat(43)}' }
  silent: { address: 127.0.0.1, port: ${silentPort}, read_key_file: r, act_key_file: a, host_key: 'SHA256:${'A'.repeat(43)}' }
sites:
  blog: { host: gone, url: 'http://127.0.0.1:1/', path: /var/www/blog, owner: www-data }
jobs:
  draft: { every: 1h, pipeline: articles, stage: draft, max_duration: 1h }
`;
let good: string;
let silent: TcpServer;
let folder: TempFolder;
let exporter: Exporter;
let server: Server;
let base: string;

beforeAll(async () => {
  folder = await createTempFolder('steward-exporter');
  // Takes the connection and never says a word, as a host does that hangs.
  silent = createTcpServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  good = goodWith((silent.address() as AddressInfo).port);
  await writeFile(join(folder.path, 'r'), generateKey());
  await writeFile(join(folder.path, 'steward.yml'), good);
  const holder = await createInventoryHolder(join(folder.path, 'steward.yml'));
  const log = pino({ level: 'silent' });
  const file = openStateFile(folder.path, 'jobs.json', jobRecordsSchema);
  const store = await openJobStore({ file, onError: (error) => log.error(error) });
  await store.add('draft', { action: 'start', runId: '' });
  await store.add('draft', { action: 'failure', runId: '', exitCode: 2 });
  await store.add('draft', { action: 'success', runId: '', exitCode: 0, items: 3, waiting: 1 });
  exporter = startExporter(holder, log, '1.2.3', store);
  const readPassword = () => Promise.resolve(new Secret('pw'));
  const readToken = readPassword;
  const pings = pingRoutes({ holder, store, readToken, log });
  const web = createWebHandlers(undefined);
  server = createApp({ exporter, holder, version: '1.2.3', readPassword, pings, web }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await exporter.stop();
  silent.close();
  await folder.remove();
});

function generateKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${base}${path}`, init);
  return { status: response.status, text: await response.text() };
};
const seriesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .sort();
const withPassword = (password: string) => ({
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`steward:${password}`).toString('base64')}` },
});

describe('the exporter over HTTP', () => {
  test.each([
    '/metrics',
    '/probe?module=host&target=gone',
    '/probe?module=site&target=blog',
    '/probe?module=job&target=draft',
  ])('%s passes promtool, and all of it is documented', async (path) => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    const {
      status: code,
      stdout,
      stderr,
    } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1] ?? '');
    const documented = new Set(documentedMetrics.map(({ name }) => name));
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
  });

  test('a host that cannot be reached is down, which is an answer', async () => {
    const { text } = await get('/probe?module=host&target=gone');
    expect(text).toContain('host_up 0');
    expect(text).toContain('steward_scrape_collector_success{collector="cpu"} 0');
  });

  test('a host that hangs is down before Prometheus gives up', async () => {
    const { text } = await get('/probe?module=host&target=silent', {
      headers: { 'x-prometheus-scrape-timeout-seconds': '1' },
    });
    expect(text).toContain('host_up 0');
    expect(text).toContain('steward_scrape_collector_success{collector="cpu"} 0');
    expect((await get('/metrics')).text).toContain(
      'steward_collector_errors_total{collector="cpu",reason="timeout"} 1',
    );
  });

  test('only the collectors that are asked for run', async () => {
    const { text } = await get('/probe?module=host&target=gone&collect[]=reachability');
    expect(text).not.toContain('collector="cpu"');
  });

  test('the collectors that are excluded do not run, the others do', async () => {
    const { text } = await get('/probe?module=host&target=gone&exclude[]=cpu');
    expect(text).not.toContain('collector="cpu"');
    expect(text).toContain('collector="reachability"');
  });

  test('OpenMetrics is written for who asks for it, with the same series', async () => {
    const [text, open] = await Promise.all([
      fetch(`${base}/probe?module=job&target=draft`, { headers: { accept: '*/*' } }),
      fetch(`${base}/probe?module=job&target=draft`, {
        headers: {
          accept: 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3',
        },
      }),
    ]);
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(open.headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0');
    expect(open.headers.get('vary')).toBe('Accept');
    const [plain, body] = [await text.text(), await open.text()];
    expect(body.endsWith('\n# EOF\n')).toBe(true);
    expect(plain).not.toContain('# EOF');
    expect(seriesOf(body)).toEqual(seriesOf(plain));
    expect(seriesOf(body).some((series) => series.includes('_total'))).toBe(true);
    expect(body).not.toMatch(/^# TYPE \S+_total counter$/m);
  });

  test.each<[path: string, status: number, message: string]>([
    ['/probe?module=host&target=here&exclude[]=nope', 400, 'there is no collector "nope"'],
    ['/probe?module=host&target=here&collect[]=cpu&exclude[]=cpu', 400, 'cannot be combined'],
    ['/probe?module=host&target=nope', 404, 'no such host: "nope"'],
    ['/probe?module=site&target=here', 404, 'no such site: "here"'],
    ['/probe?module=site&target=constructor', 404, 'no such'],
    ['/probe?module=nope&target=here', 400, 'there are host, site, bot, job'],
    ['/probe?target=here', 400, 'the parameter module is missing'],
    ['/probe?module=host', 400, 'the parameter target is missing'],
    ['/probe?module=job&target=draft&debug=maybe', 400, 'the parameter debug is either true or false'],
    ['/results/0', 404, 'this result is not kept'],
    ['/results/999999', 404, 'this result is not kept'],
    ['/results/x', 404, 'this result is not kept'],
    ['/probe?module=host&target=here&collect[]=nope', 400, 'there is no collector "nope"'],
    ['/nope', 404, 'there is nothing here'],
  ])('%s is answered with %d', async (path, status, message) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(message);
  });

  test('targets carry their module, id and host, and the address they were asked at', async () => {
    const targets = JSON.parse((await get('/targets')).text) as {
      targets: string[];
      labels: Record<string, string>;
    }[];
    const address = base.replace('http://', '');
    expect(
      targets.map(({ targets: [at], labels }) => [at, labels['job'], labels['instance'], labels['host']]),
    ).toEqual([
      [address, 'host', 'here', 'here'],
      [address, 'host', 'gone', 'gone'],
      [address, 'host', 'silent', 'silent'],
      [address, 'site', 'blog', 'gone'],
      [address, 'job', 'draft', undefined],
    ]);
  });

  test('every link of the landing page works', async () => {
    const { text } = await get('/');
    const links = [...text.matchAll(/href="([^"]+)"/g)].map((match) =>
      (match[1] ?? '').replaceAll('&amp;', '&'),
    );
    expect(links.length).toBeGreaterThan(4);
    // A result is gone once its target is scraped again.
    for (const link of links.sort(
      (a, b) => Number(b.startsWith('/results/')) - Number(a.startsWith('/results/')),
    )) {
      const { status } = await get(link, { headers: { 'x-prometheus-scrape-timeout-seconds': '1' } });
      // One of the hosts takes the connection and is silent: what is read of it has not been tried yet.
      expect([link, status]).toEqual([link, link === '/-/ready' ? 503 : 200]);
    }
  });

  test('debug=true says how each collector went, why it failed, and then its metrics', async () => {
    const path = '/probe?module=site&target=blog&collect[]=http&collect[]=permissions';
    await get('/refresh?target=blog&collector=permissions', withPassword('pw'));
    const response = await fetch(`${base}${path}&debug=true`, {
      headers: { accept: 'application/openmetrics-text' },
    });
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const text = await response.text();
    expect(text).toMatch(
      /^site blog at \d{4}-\d\d-\d\dT[\d:.]+Z, in \d+\.\d{3} s\n\ncollector +duration +outcome/,
    );
    expect(text).toMatch(/^http +\d+\.\d{3} s +ok +\d+ +0 +-$/m);
    expect(text).toMatch(/^permissions +\d+\.\d{3} s +failed +0 +0 +not read yet$/m);
    expect(text).toMatch(/^permissions failed in this scrape: unreachable: ./m);
    expect(text).toMatch(/^permissions failed in the background: unreachable: ./m);
    expect(text).toContain('\n# TYPE probe_success gauge\n');
  });

  test('the last result of a target is kept, and shown on a page that runs nothing', async () => {
    await get('/probe?module=job&target=draft');
    const landing = await fetch(`${base}/`);
    const page = await landing.text();
    const [, before] = /job draft<\/a>.*?\/results\/(\d+)"/.exec(page) ?? [];
    await get('/probe?module=job&target=draft&debug=true');
    expect((await get(`/results/${before}`)).status).toBe(404);
    const [, number] = /job draft<\/a>.*?\/results\/(\d+)"/.exec((await get('/')).text) ?? [];
    const result = await fetch(`${base}/results/${number}`);
    const text = await result.text();
    expect(text).toContain('job draft at ');
    expect(text).toContain('steward_scrape_collector_success{collector=&quot;job&quot;} 1');
    for (const { headers } of [landing, result]) {
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'sha256-");
    }
    const style = /<style>(.*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(landing.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
  });

  test('the machine of the exporter has a result, too', async () => {
    await get('/metrics');
    expect((await get('/')).text).toMatch(/<a href="\/metrics">host here<\/a><\/td><td>\d{4}-/);
  });

  test('series above the limit of steward.yml are left out and counted, from the next reload on', async () => {
    const seriesOfJob = async () =>
      /^job +\S+ s +\w+ +(\d+) +(\d+)/m.exec((await get('/probe?module=job&target=draft&debug=true')).text);
    const [, all, none] = (await seriesOfJob()) ?? [];
    expect([Number(all) > 1, none]).toEqual([true, '0']);
    await writeFile(join(folder.path, 'steward.yml'), `${good}exporter: { series_limit: 1 }\n`);
    expect((await get('/-/reload', withPassword('pw'))).status).toBe(200);
    const [, one, rest] = (await seriesOfJob()) ?? [];
    expect([one, rest]).toEqual(['1', String(Number(all) - 1)]);
    expect((await get('/metrics')).text).toContain(`steward_series_dropped_total{collector="job"} ${rest}\n`);
    await writeFile(join(folder.path, 'steward.yml'), good);
    expect((await get('/-/reload', withPassword('pw'))).status).toBe(200);
  });

  test.each(['/-/reload', '/baseline?target=blog', '/refresh?target=blog&collector=permissions'])(
    '%s asks for the password',
    async (path) => {
      expect((await get(path, { method: 'POST' })).status).toBe(401);
      expect((await get(path, withPassword('wrong'))).status).toBe(401);
    },
  );

  test.each([
    ['/refresh?target=blog&collector=permissions', '/refresh?target=blog&collector=nope'],
    ['/baseline?target=blog', '/baseline?target=here'],
  ])('%s that fails, and %s of nothing, say why', async (failing, ofNothing) => {
    expect((await get(failing, withPassword('pw'))).status).toBe(502);
    expect((await get(ofNothing, withPassword('pw'))).status).toBe(404);
  });

  test('a reload of a file that is wrong keeps the last good one, and a metric says so', async () => {
    await writeFile(join(folder.path, 'steward.yml'), 'hosts: 5\n');
    const bad = await get('/-/reload', withPassword('pw'));
    expect(bad.status).toBe(422);
    expect(bad.text).toContain('hosts: found 5, expected a mapping');
    const { text } = await get('/metrics');
    expect(text).toContain('steward_config_last_reload_successful 0');
    expect((await get('/probe?module=host&target=gone')).status).toBe(200);
    await writeFile(join(folder.path, 'steward.yml'), good);
    expect((await get('/-/reload', withPassword('pw'))).status).toBe(200);
    expect((await get('/metrics')).text).toContain('steward_config_last_reload_successful 1');
  });
});
