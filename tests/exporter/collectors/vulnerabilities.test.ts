import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createVulnerabilitiesCollector } from '../../../exporter/collectors/vulnerabilities.ts';
import { createKnownVulnerabilities } from '../../../exporter/integrity/known-vulnerabilities.ts';
import type { SiteTarget } from '../../../exporter/targets/target.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { startWordPressOrgDouble, type WordPressOrgDouble } from '../../../lab/site/wordpress-org-double.ts';
import { brief } from '../../helpers/brief.ts';

/** Answers as the WPVulnerability database does: of what it does not know, with neither name nor list. */
let database: WordPressOrgDouble;
let installed: Record<string, { named: { slug: string; version: string }[] }>;
let nowMs: number;

beforeAll(async () => {
  database = await startWordPressOrgDouble();
});
afterAll(() => database.stop());
beforeEach(() => {
  database.answers.clear();
  database.asked.length = 0;
  database.fault = undefined;
  nowMs = 0;
  installed = { plugins: { named: [] }, themes: { named: [] } };
});

/** A host whose WordPress says what is installed. */
const host = {
  id: 'web1',
  run: () =>
    Promise.resolve({
      kind: 'succeeded',
      stdout: Buffer.from(
        `\n=== steward-wordpress-probe\n${JSON.stringify({ version: 1, parts: installed, errors: [] })}\n`,
      ),
      stderr: Buffer.alloc(0),
      truncated: false,
    }),
} as unknown as Host;
const target: SiteTarget = {
  id: 'blog',
  entry: siteSchema.parse({ host: 'web1', url: 'http://x/', path: '/var/www/blog', owner: 'www-data' }),
  host,
};

interface Range {
  readonly min_version?: string | null;
  readonly min_operator?: string | null;
  readonly max_version?: string | null;
  readonly max_operator?: string | null;
}

function knows(path: string, ...ranges: Range[]): void {
  const vulnerability = ranges.map((operator) => ({
    uuid: 'x',
    name: 'y',
    operator: { ...operator, unfixed: '0' },
  }));
  database.answers.set(path, {
    error: 0,
    message: null,
    data: { name: 'A name', vulnerability },
    updated: 1,
  });
}
const ignores = (path: string) =>
  database.answers.set(path, { error: 0, message: null, data: { name: null, vulnerability: null } });

function makeCollector(address: () => string | undefined = () => database.url) {
  const collector = createVulnerabilitiesCollector(
    createKnownVulnerabilities(address, () => nowMs),
    () => address() !== undefined,
  );
  return async () => brief((await collector.background?.read(target, new AbortController().signal)) ?? []);
}

test('plugins and themes in a version of which a vulnerability is known are counted and named', async () => {
  installed = {
    plugins: {
      named: [
        { slug: 'acme-shop', version: '2.1' },
        { slug: 'safe', version: '3.0' },
        { slug: 'my-own', version: '1.0' },
      ],
    },
    themes: { named: [{ slug: 'twenty', version: '1.9' }] },
  };
  knows(
    '/plugin/acme-shop/',
    { max_version: '2.2', max_operator: 'lt' },
    { max_version: '2.1', max_operator: 'le' },
  );
  knows('/plugin/safe/', { max_version: '3.0', max_operator: 'lt' });
  ignores('/plugin/my-own/');
  knows('/theme/twenty/');
  expect(await makeCollector()()).toEqual([
    'wordpress_vulnerable_extensions plugin 1',
    'wordpress_extensions_without_known_history plugin 1',
    'wordpress_vulnerable_extensions theme 0',
    'wordpress_extensions_without_known_history theme 0',
    'wordpress_extension_vulnerabilities plugin acme-shop 2.1 2',
  ]);
});

describe('a version', () => {
  test.each<[is: string, version: string, range: Range, count: number]>([
    ['before the end', '1.9.9', { max_version: '2.0', max_operator: 'lt' }, 1],
    ['at an end that does not count', '2.0', { max_version: '2.0', max_operator: 'lt' }, 0],
    ['at an end that counts', '2.0', { max_version: '2.0', max_operator: 'le' }, 1],
    [
      'before the begin',
      '0.9',
      { min_version: '1.0', min_operator: 'ge', max_version: '2.0', max_operator: 'lt' },
      0,
    ],
    [
      'at a begin that does not count',
      '1.0',
      { min_version: '1.0', min_operator: 'gt', max_version: '2.0' },
      0,
    ],
    ['with nothing said of either end', '7', { max_version: null, min_version: '' }, 1],
    ['that is a beta of the one that is mended', '2.0-beta1', { max_version: '2.0', max_operator: 'lt' }, 1],
  ])('%s', async (_is, version, range, count) => {
    installed = { plugins: { named: [{ slug: 'a', version }] }, themes: { named: [] } };
    knows('/plugin/a/', range);
    expect((await makeCollector()())[0]).toBe(`wordpress_vulnerable_extensions plugin ${count}`);
  });
});

test('what was asked once is not asked again for most of a day, whatever site it is for', async () => {
  installed = { plugins: { named: [{ slug: 'a', version: '1' }] }, themes: { named: [] } };
  knows('/plugin/a/');
  const read = makeCollector();
  await read();
  nowMs = 19 * 3_600_000;
  await read();
  expect(database.asked).toEqual(['/plugin/a/']);
  nowMs = 21 * 3_600_000;
  await read();
  expect(database.asked).toHaveLength(2);
});

test('a slug is one part of the path, whatever is in it', async () => {
  installed = { plugins: { named: [{ slug: '../theme/x?y#z', version: '1' }] }, themes: { named: [] } };
  await makeCollector()();
  expect(database.asked).toEqual(['/plugin/..%2Ftheme%2Fx%3Fy%23z/']);
});

test('nobody is asked where steward.yml names nobody', async () => {
  await expect(makeCollector(() => undefined)()).rejects.toMatchObject({ name: 'NoDataError' });
  expect(database.asked).toEqual([]);
});

describe('is not known, and says why', () => {
  beforeEach(() => {
    installed = { plugins: { named: [{ slug: 'a', version: '1' }] }, themes: { named: [] } };
  });

  test.each<[what: string, body: unknown]>([
    ['a page in HTML', Buffer.from('<html>')],
    ['an error', { error: 1, message: 'no', data: null }],
    ['another shape', { error: 0, data: { name: 'a', vulnerability: 'many' } }],
    [
      'an operator that nobody knows',
      { error: 0, data: { name: 'a', vulnerability: [{ operator: { max_operator: '~' } }] } },
    ],
  ])('after %s', async (_what, body) => {
    database.answers.set('/plugin/a/', body);
    await expect(makeCollector()()).rejects.toMatchObject({ reason: 'bad_answer' });
  });

  test('after a connection that was reset', async () => {
    database.fault = (response) => response.socket?.destroy();
    await expect(makeCollector()()).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('where WordPress does not tell what is installed', async () => {
    installed = { plugins: { named: [] } };
    await expect(makeCollector()()).rejects.toMatchObject({ reason: 'bad_answer' });
  });
});
