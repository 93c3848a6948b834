import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestCertificate } from '../helpers/certificates.ts';
import { startPrometheusOn, type TestPrometheus } from '../helpers/prometheus.ts';
import { createPlace, startService, type Place } from './running-service.ts';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
const servers = [
  { generation: '2.42', server: '/usr/bin/prometheus' },
  { generation: '3.5', server: path.join(cache, 'steward/sid/prometheus/usr/bin/prometheus') },
];
let place: Place;

beforeAll(async () => {
  place = await createPlace();
  await writeFile(path.join(place.folder.path, 'right'), 'scrape');
  await writeFile(path.join(place.folder.path, 'wrong'), 'scrapE');
});
afterEach(() => Promise.all(place.running.splice(0).map((one) => one.stop())));
afterAll(() => place.folder.remove());

async function startPrometheus(name: string, server: string, jobs: string): Promise<TestPrometheus> {
  const folder = path.join(place.folder.path, name);
  await mkdir(folder);
  const text = `global: { scrape_interval: 500ms, scrape_timeout: 500ms }\nscrape_configs:\n${jobs}`;
  const prometheus = await startPrometheusOn(folder, text, server);
  place.running.push(prometheus.process);
  return prometheus;
}

const fileIn = (name: string) => path.join(place.folder.path, name);

describe.each(servers)('Prometheus $generation', ({ generation, server }) => {
  test('finds and scrapes the exporter with its user over TLS, and has nothing with a wrong password', async () => {
    const port = await startService(place, 'exporter', place.protectedText);
    const login = (password: string) =>
      `tls_config: { ca_file: ${fileIn('authority.crt')} }, basic_auth: { username: prometheus, password_file: ${fileIn(password)} }`;
    const targets = `static_configs: [{ targets: ['127.0.0.1:${port}'] }]`;
    const sd = `http_sd_configs: [{ url: 'https://127.0.0.1:${port}/targets', refresh_interval: 1s, ${login('right')} }]`;
    const prometheus = await startPrometheus(
      `users-${generation}`,
      server,
      `  - { job_name: steward, scheme: https, ${login('right')}, ${sd} }
  - { job_name: wrong-password, scheme: https, ${login('wrong')}, ${targets} }
  - { job_name: no-tls, ${targets} }
`,
    );
    await prometheus.untilTrue('up{job="exporter"} == 1 and on () up{job="job", instance="draft"} == 1');
    await prometheus.untilTrue('up{job="wrong-password"} == 0 and on () up{job="no-tls"} == 0');
    expect(await prometheus.client.query('max_over_time(up{job=~"wrong-password|no-tls"}[1m]) > 0')).toEqual(
      [],
    );
  });

  test('scrapes by its certificate, and not without it or with one of another name', async () => {
    const sans = (name: string) => place.authority.issue(name, [`DNS:${name}.example`], 'clientAuth');
    const [named, other] = [await sans('named'), await sans('other')];
    const text = `tls_server_config:
  { cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert,
    client_ca_file: authority.crt, client_allowed_sans: [named.example] }
`;
    const port = await startService(place, 'exporter', text, named);
    const job = (name: string, client?: TestCertificate) => {
      const shown = client && `, cert_file: ${client.certFile}, key_file: ${client.keyFile}`;
      const tls = `tls_config: { ca_file: ${fileIn('authority.crt')}${shown ?? ''} }`;
      return `  - { job_name: ${name}, scheme: https, ${tls}, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }\n`;
    };
    const jobs = job('named', named) + job('other', other) + job('none');
    const prometheus = await startPrometheus(`certificates-${generation}`, server, jobs);
    await prometheus.untilTrue('up{job="named"} == 1');
    await prometheus.untilTrue('up{job="other"} == 0 and on () up{job="none"} == 0');
    expect(await prometheus.client.query('max_over_time(up{job=~"other|none"}[1m]) > 0')).toEqual([]);
  });
});
