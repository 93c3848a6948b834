import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probeSite } from '../../../cli/init/probe-site.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startWordPressSite, type WordPressSite } from '../../../lab/site/wordpress-site.ts';

let folder: TempFolder;
let site: WordPressSite;
beforeAll(async () => {
  folder = await createTempFolder('steward-probe-site');
  site = await startWordPressSite(folder.path);
});
afterAll(async () => {
  await site.stop();
  await folder.remove();
});

async function probeOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await probeSite(`http://127.0.0.1:${port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('probeSite', () => {
  test('knows a WordPress', async () => {
    expect(await probeSite(`${site.url}/`)).toEqual({ kind: 'wordpress' });
  });

  test.each<[by: string, listener: RequestListener]>([
    [
      'the generator',
      (_request, response) => response.end('<meta name="generator" content="WordPress 6.1">'),
    ],
    [
      'the REST API',
      ({ url }, response) =>
        response.end(url === '/wp-json/' ? '{"namespaces":["oembed\\/1.0","wp\\/v2"]}' : ''),
    ],
  ])('knows one by %s alone', async (_by, listener) => {
    expect(await probeOf(listener)).toEqual({ kind: 'wordpress' });
  });

  test.each<[what: string, listener: RequestListener]>([
    [
      'another page',
      (_request, response) => response.end('<meta name="generator" content="Hugo"> WordPress'),
    ],
    ['an error', (_request, response) => response.writeHead(500).end('{"namespaces":["wp/v2"]}')],
    ['a page without end', (_request, response) => void response.write('x'.repeat(600 * 1024))],
  ])('takes %s for something else', async (_what, listener) => {
    expect(await probeOf(listener)).toEqual({ kind: 'other' });
  });

  test('says why nothing answers', async () => {
    expect(await probeSite('http://127.0.0.1:1/')).toMatchObject({
      kind: 'none',
      reason: expect.stringMatching(/./),
    });
    expect(await probeOf(({ socket }) => socket.destroy())).toMatchObject({ kind: 'none' });
  });
});
