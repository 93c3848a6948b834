import { hash } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { ask, basic } from '../helpers/web-request.ts';
import { startWebService, type WebService } from '../helpers/web-service.ts';

let folder: TempFolder;
let service: WebService | undefined;
let [first, second] = ['', ''];

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  [first, second] = await Promise.all([hash('first', 4), hash('second', 4)]);
});
afterEach(() => service?.close());
afterAll(() => folder.remove());

async function start(text: string | undefined): Promise<(headers?: object) => ReturnType<typeof ask>> {
  const started = await startWebService(folder.path, text);
  service = started;
  return (headers = {}) => ask(`http://127.0.0.1:${started.port}/`, { headers: { ...headers } });
}

const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');

test('without a web configuration nobody is asked', async () => {
  const get = await start(undefined);
  expect((await get()).status).toBe(200);
});

describe('with basic_auth_users', () => {
  test('who has a user and password is let in, and who has not is asked for them', async () => {
    const get = await start(`basic_auth_users: { prometheus: '${first}' }`);
    expect((await get(basic('prometheus', 'first'))).status).toBe(200);
    const refused = await get();
    expect(refused).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="steward", charset="UTF-8"' },
    });
    expect((await get(basic('prometheus', 'second'))).status).toBe(401);
    expect((await get(basic('nobody', 'first'))).status).toBe(401);
    expect(service?.seen).toHaveLength(1);
  });

  test.each([
    ['another scheme', `Bearer ${base64('prometheus:first')}`],
    ['no credentials', 'Basic'],
    ['no base64', 'Basic prometheus:first'],
    ['base64 with more behind it', `Basic ${base64('prometheus:first')} more`],
    ['no colon', `Basic ${base64('prometheus')}`],
    ['a mark of byte order', `Basic ${base64('\ufeffprometheus:first')}`],
    ['10,000 bytes', `Basic ${base64(`prometheus:${'a'.repeat(10_000)}`)}`],
    ['garbage', 'Basic ====\u00ff'],
  ])('%s is refused', async (_kind, authorization) => {
    const get = await start(`basic_auth_users: { prometheus: '${first}' }`);
    expect((await get({ authorization })).status).toBe(401);
  });

  test('bytes that are not UTF-8 are not taken for the mark that stands for them', async () => {
    const get = await start(`basic_auth_users: { prometheus: '${await hash('\ufffd', 4)}' }`);
    expect((await get(basic('prometheus', '\ufffd'))).status).toBe(200);
    const authorization = `Basic ${base64(Buffer.from('prometheus:\xff', 'latin1'))}`;
    expect((await get({ authorization })).status).toBe(401);
  });

  test('a changed password counts from the next request on, and a damaged file changes nothing', async () => {
    const get = await start(`basic_auth_users: { prometheus: '${first}' }`);
    expect((await get(basic('prometheus', 'first'))).status).toBe(200);
    await service?.configure(`basic_auth_users: { prometheus: '${second}' }`);
    expect((await get(basic('prometheus', 'first'))).status).toBe(401);
    expect((await get(basic('prometheus', 'second'))).status).toBe(200);
    await service?.configure('');
    expect((await get()).status).toBe(401);
    expect((await get(basic('prometheus', 'second'))).status).toBe(200);
    expect(service?.log).toEqual([
      expect.stringContaining('were read again'),
      expect.stringContaining('found nothing'),
    ]);
  });

  test('who guesses does not keep waiting who was right', async () => {
    const slow = await hash('slow', 12);
    const get = await start(`basic_auth_users: { prometheus: '${first}', slow: '${slow}' }`);
    await get(basic('prometheus', 'first'));
    const guesses = Array.from({ length: 20 }, (_, n) => get(basic('slow', `guess ${n}`)));
    let isGuessing = true;
    const ended = Promise.all(guesses).finally(() => (isGuessing = false));
    expect((await get(basic('prometheus', 'first'))).status).toBe(200);
    expect(isGuessing).toBe(true);
    expect(new Set((await ended).map(({ status }) => status))).toEqual(new Set([401, 429]));
  });
});

test('headers are added to answers, refusals too, and change with the file', async () => {
  const get = await start(
    `http_server_config: { headers: { X-Frame-Options: deny } }\nbasic_auth_users: { a: '${first}' }`,
  );
  expect((await get()).headers['x-frame-options']).toBe('deny');
  await service?.configure(
    `http_server_config: { headers: { Strict-Transport-Security: max-age=60 } }\nbasic_auth_users: { a: '${first}' }`,
  );
  const { headers } = await get();
  expect(headers['x-frame-options']).toBeUndefined();
  expect(headers['strict-transport-security']).toBe('max-age=60');
});
