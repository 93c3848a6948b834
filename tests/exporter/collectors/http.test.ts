import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { http } from '../../../exporter/collectors/http.ts';
import { scrapeSamples } from '../../helpers/scrape-samples.ts';
import { createLocalHost } from '../../../hosts/local/local-host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { brief } from '../../helpers/brief.ts';

let server: Server;
afterEach(() => {
  server.close();
});

async function probed(listener: RequestListener, expectation: object = {}): Promise<string[]> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const entry = siteSchema.parse({
    host: 'here',
    url,
    path: '/srv/blog',
    owner: 'www-data',
    expect: expectation,
  });
  const target = { id: 'blog', entry, host: createLocalHost('here', 'steward') };
  return brief(await scrapeSamples([http], target, { timeoutMs: 10_000, onError: () => undefined }));
}

test('a page from a cache is told, and one of a site without a cache says nothing of it', async () => {
  const hit = await probed((_request, response) => response.setHeader('x-cache', 'HIT').end('hello'));
  expect(hit).toEqual(expect.arrayContaining(['probe_success 1', 'probe_http_cache_hit 1']));
  server.close();
  const plain = await probed((_request, response) => response.end('hello'));
  expect(plain.filter((line) => line.startsWith('probe_http_cache_hit'))).toEqual([]);
});

test('a page on which the expression does not match is down, and why is told', async () => {
  const samples = await probed((_request, response) => response.end('hello'), { body_regexp: 'good.?bye' });
  expect(samples).toEqual(
    expect.arrayContaining(['probe_success 0', 'probe_http_status_code 200', 'probe_failed_due_to_regex 1']),
  );
});

test('redirects that leave the site are told', async () => {
  const samples = await probed(({ headers, url }, response) => {
    const port = headers.host?.split(':')[1] ?? '';
    if (url === '/') response.writeHead(302, { location: `http://localhost:${port}/elsewhere` });
    response.end('hello');
  });
  expect(samples).toEqual(
    expect.arrayContaining(['probe_success 1', 'probe_http_redirects 1', 'probe_http_redirected_away 1']),
  );
});
