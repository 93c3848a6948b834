import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKeptResults } from '../../../exporter/pages/kept-results.ts';
import { pageRoutes } from '../../../exporter/pages/page-routes.ts';
import type { TargetGroup } from '../../../exporter/targets/targets.ts';

const HOSTILE = `"><script>alert('x')</script>&amp;</pre><img src=x onerror=alert(1)>`;
const failure = { reason: 'refused', message: HOSTILE } as const;
const group: TargetGroup = {
  targets: ['127.0.0.1'],
  labels: { __param_module: 'site', __param_target: HOSTILE, job: 'site', instance: HOSTILE },
};
const results = createKeptResults();
const server = express()
  .use(pageRoutes({ version: HOSTILE, groups: () => [group], results }))
  .listen(0, '127.0.0.1');

beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  results.add(
    {
      ...{ module: 'site', target: HOSTILE, startedAtMs: 0, seconds: 1, samples: [] },
      reports: [
        {
          ...{ collector: 'logs', series: 0, dropped: 0, scrape: undefined },
          background: { readAtMs: undefined, failure },
        },
      ],
    },
    `a_metric{label="${HOSTILE}"} 1\n`,
  );
});
afterAll(() => void server.close());

describe('whatever an id or message says', () => {
  test.each(['/', '/results/1'])('%s shows it as text', async (path) => {
    const page = await (
      await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
    ).text();
    expect(page).toContain(
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&lt;/pre&gt;&lt;img',
    );
    expect(page).not.toMatch(/<script|<img|&(?!(amp|lt|gt|quot|#39);)/);
    const tags = new Set([...page.matchAll(/<\/?(\w+)/g)].map((match) => match[1]));
    const known = [
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'h1',
      'h2',
      'p',
      'a',
      'pre',
      'table',
      'tr',
    ];
    expect([...tags].filter((tag) => ![...known, 'th', 'td', 'ul', 'li'].includes(tag ?? ''))).toEqual([]);
    const attributes = [...page.matchAll(/ (\w+)="[^"]*"/g)].map((match) => match[1]);
    expect([...new Set(attributes)].sort()).toEqual(['charset', 'href', 'lang']);
  });

  test('links lead to that target and nowhere else', async () => {
    const page = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
    const links = [...page.matchAll(/href="([^"]*)"/g)].map((match) =>
      (match[1] ?? '').replaceAll('&amp;', '&'),
    );
    const probe = links.find((link) => link.startsWith('/probe')) ?? '';
    expect(new URL(probe, 'http://x').searchParams.get('target')).toBe(HOSTILE);
  });
});
