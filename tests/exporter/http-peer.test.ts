import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { http } from '../../exporter/collectors/http.ts';
import { renderMetrics } from '../../exporter/metrics/render.ts';
import { scrapeSamples } from '../helpers/scrape-samples.ts';
import { createLocalHost } from '../../hosts/local/local-host.ts';
import { siteSchema } from '../../inventory/schema/site.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { parseMetrics } from '../helpers/parse-metrics.ts';
import { startBlackboxExporter, type Peer } from '../helpers/peers.ts';
import { startProbedNginx, type ProbedNginx } from '../helpers/probed-nginx.ts';

let folder: TempFolder;
let nginx: ProbedNginx;
let slow: Server;
let blackbox: Peer;
let urls: Record<string, string>;

const PROCESSING_MS = 300;
const TRANSFER_MS = 200;

beforeAll(async () => {
  folder = await createTempFolder('steward-peer');
  nginx = await startProbedNginx(folder.path);
  slow = createServer((_request, response) => {
    void (async () => {
      await delay(PROCESSING_MS);
      response.writeHead(200, { 'content-length': '10' }).write('hello');
      await delay(TRANSFER_MS);
      response.end('again');
    })();
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const { plain, selfSigned, expired } = nginx.ports;
  urls = {
    plain: `http://127.0.0.1:${plain}/`,
    compressed: `http://127.0.0.1:${plain}/long`,
    'redirected twice': `http://127.0.0.1:${plain}/moved-twice`,
    broken: `http://127.0.0.1:${plain}/broken`,
    'over TLS': `https://127.0.0.1:${selfSigned}/`,
    'over expired TLS': `https://127.0.0.1:${expired}/`,
    slow: `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`,
    closed: 'http://127.0.0.1:1/',
  };
  const configuration = join(folder.path, 'blackbox.yml');
  await writeFile(configuration, BLACKBOX);
  blackbox = await startBlackboxExporter(folder.path, configuration);
});
afterAll(async () => {
  await blackbox.process.stop();
  slow.close();
  slow.closeAllConnections();
  await nginx.stop();
  await folder.remove();
});

/**
 * A chain that is not valid ends its probe before it tells of it, so that it must let it pass. And what it expects to be compressed must
 * be.
 */
const BLACKBOX = `modules:
  plain:
    prober: http
    http: { preferred_ip_protocol: ip4, tls_config: { insecure_skip_verify: true } }
  compressed:
    prober: http
    http: { preferred_ip_protocol: ip4, compression: gzip, headers: { Accept-Encoding: gzip } }
`;

async function ours(url: string) {
  const entry = siteSchema.parse({ host: 'here', url, path: '/var/www/blog', owner: 'www-data' });
  const host = createLocalHost('here', 'steward');
  const target = { id: 'blog', entry, host };
  const text = await renderMetrics(
    await scrapeSamples([http], target, { timeoutMs: 10_000, onError: () => undefined }),
  );
  return { text, metrics: parseMetrics(text) };
}

async function theirs(url: string) {
  const module = url === urls['compressed'] ? 'compressed' : 'plain';
  const query = new URLSearchParams({ module, target: url });
  return parseMetrics(await (await fetch(`${blackbox.url}/probe?${query.toString()}`)).text());
}

/** What both must say alike, where they say it. */
const SAME = [
  'probe_success',
  'probe_http_status_code',
  'probe_http_redirects',
  'probe_http_ssl',
  'probe_http_version',
  'probe_ip_protocol',
  'probe_failed_due_to_regex',
  'probe_http_uncompressed_body_length',
  'probe_ssl_earliest_cert_expiry',
];

describe('a probe beside that of blackbox_exporter', () => {
  test.each([
    ['plain', 8],
    ['compressed', 8],
    ['redirected twice', 8],
    ['broken', 8],
    ['slow', 8],
    ['closed', 5],
  ])('%s: both say the same', async (name, least) => {
    const [own, other] = [await ours(urls[name] ?? ''), await theirs(urls[name] ?? '')];
    const both = SAME.filter((metric) => own.metrics.has(metric) && other.has(metric));
    const valuesOf = (page: ReadonlyMap<string, number>) =>
      both.map((metric) => `${metric} ${page.get(metric)}`);
    expect(valuesOf(own.metrics)).toEqual(valuesOf(other));
    expect(both.length).toBeGreaterThanOrEqual(least);
  });

  // It does not say when a chain ends that it refuses; ours refuses it, and says so.
  test.each(['over TLS', 'over expired TLS'])(
    '%s: both say when the chain ends, and its version',
    async (name) => {
      const [{ metrics }, other] = [await ours(urls[name] ?? ''), await theirs(urls[name] ?? '')];
      expect(metrics.get('probe_success')).toBe(0);
      expect(metrics.get('probe_ssl_earliest_cert_expiry')).toBe(other.get('probe_ssl_earliest_cert_expiry'));
      const version = [...other.keys()]
        .find((series) => series.startsWith('probe_tls_version_info'))
        ?.match(/TLS [\d.]+/)?.[0];
      expect([...metrics.keys()]).toContain(
        `probe_tls_version_info{version="${version?.replace('TLS ', 'TLSv')}"}`,
      );
    },
  );

  test('the phases are the same, and each has the time that the server took', async () => {
    const [{ metrics }, other] = [await ours(urls['slow'] ?? ''), await theirs(urls['slow'] ?? '')];
    const phase = (page: ReadonlyMap<string, number>, name: string) =>
      page.get(`probe_http_duration_seconds{phase="${name}"}`) ?? Number.NaN;
    const names = (page: ReadonlyMap<string, number>) =>
      [...page.keys()].filter((series) => series.startsWith('probe_http_duration_seconds')).sort();
    expect(names(metrics)).toEqual(names(other));
    for (const page of [metrics, other]) {
      // A timer may fire a millisecond early.
      expect(phase(page, 'processing')).toBeGreaterThan((PROCESSING_MS - 5) / 1000);
      expect(phase(page, 'transfer')).toBeGreaterThan((TRANSFER_MS - 5) / 1000);
      const sum = ['resolve', 'connect', 'tls', 'processing', 'transfer'].reduce(
        (all, name) => all + phase(page, name),
        0,
      );
      expect(page.get('probe_duration_seconds')).toBeGreaterThan(sum);
    }
  });

  test('all that ours says passes promtool', async () => {
    for (const url of Object.values(urls)) {
      const { text } = await ours(url);
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: text,
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });
});
