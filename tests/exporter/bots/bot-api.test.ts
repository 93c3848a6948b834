import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBotApiCollector } from '../../../exporter/collectors/bot-api.ts';
import { CollectorError } from '../../../exporter/collector-error.ts';
import { NoDataError } from '../../../exporter/collector.ts';
import type { BotTarget } from '../../../exporter/targets/target.ts';
import type { Host } from '../../../hosts/host.ts';
import { botSchema } from '../../../inventory/schema/bot.ts';
import { Secret } from '../../../inventory/secret.ts';
import { brief } from '../../helpers/brief.ts';
import { startScriptedApi, type Asked, type ScriptedApi } from '../../helpers/scripted-api.ts';

let api: ScriptedApi;
let nowMs: number;
let collector: ReturnType<typeof createBotApiCollector>;

beforeEach(async () => {
  nowMs = 1_000_000;
  collector = createBotApiCollector(() => nowMs);
  api = await startScriptedApi();
});
afterEach(() => api.stop());

const json = (body: unknown) => (_request: Asked, response: ServerResponse) =>
  void response.end(JSON.stringify(body));

function target(entry: object): BotTarget {
  return {
    id: 'grid',
    entry: botSchema.parse({ kind: 'http_json', host: 'web1', ...entry, url: api.url }),
    host: {} as Host,
    readSecretFile: (file) => Promise.resolve(new Secret(`text of ${file}`)),
  };
}

const reading = (values: object, more: object = {}) =>
  target({ currency: 'USDT', requests: [{ path: '/status', values }], ...more });

async function collect(of: BotTarget, signal = new AbortController().signal): Promise<string[]> {
  return brief((await collector.collect?.(of, signal)) ?? []);
}

/** What is measured although the collector fails, and why it does. */
async function failed(of: BotTarget, signal = new AbortController().signal) {
  const error = await Promise.resolve(collector.collect?.(of, signal)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CollectorError)) throw new Error(`no failure: ${String(error)}`);
  return [error.reason, ...brief(error.samples)];
}

describe('a bot that steward.yml describes', () => {
  test('has the values that its answers have, numbers written as texts too', async () => {
    api.answer = json({
      state: 'running',
      last_tick_ms: 1_795_426_143_250,
      positions: [{ pnl: '1.50' }, { pnl: -0.25 }],
      account: { total: '1234.5678', 'draw down': 12.5 },
    });
    const of = reading({
      running: { at: 'state', equals: ['running', 'starting'] },
      last_loop: { at: '$.last_tick_ms', scale: 0.001 },
      open_positions: { at: 'positions[*]', of: 'count' },
      profit_unrealized: { at: 'positions[*].pnl', of: 'sum' },
      profit_realized: { at: 'positions[-1].pnl' },
      equity: { at: 'account.total' },
      drawdown: { at: 'account["draw down"]', scale: 0.01 },
      trades: { at: 'positions[*].pnl', of: 'max' },
    });
    expect(await collect(of)).toEqual([
      'trading_bot_up 1',
      'trading_bot_auth_ok 1',
      'trading_bot_running 1',
      'trading_bot_last_loop_timestamp_seconds 1795426143.25',
      'trading_bot_open_positions 2',
      'trading_bot_trades 1.5',
      'trading_bot_equity USDT 1234.5678',
      'trading_bot_profit_realized USDT -0.25',
      'trading_bot_profit_unrealized USDT 1.25',
      'trading_bot_drawdown_ratio 0.125',
    ]);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['null', { total: null }],
    ['a word', { total: 'many' }],
    ['NaN', { total: 'NaN' }],
    ['an empty text', { total: '' }],
    ['a list', { total: [1] }],
    ['a hexadecimal', { total: '0x10' }],
    ['another shape', [1]],
    ['just null', null],
    ['a mapping', { total: {} }],
  ])('loses a value that is %s, and that alone', async (_what, body) => {
    api.answer = ({ url }, response) =>
      void response.end(JSON.stringify(url === '/status' ? body : { state: 'on' }));
    const of = target({
      requests: [
        { path: '/status', values: { equity: { at: 'total' } } },
        { path: '/other', values: { running: { at: 'state', equals: ['on'] } } },
      ],
    });
    expect(await failed(of)).toEqual([
      'bad_answer',
      'trading_bot_up 1',
      'trading_bot_auth_ok 1',
      'trading_bot_running 1',
    ]);
  });

  test.each<[string, string, string[], (request: Asked, response: ServerResponse) => void]>([
    [
      'says 401',
      'login',
      ['trading_bot_up 0', 'trading_bot_auth_ok 0'],
      (_request, response) => void response.writeHead(401).end('{}'),
    ],
    [
      'says 403',
      'login',
      ['trading_bot_up 0', 'trading_bot_auth_ok 0'],
      (_request, response) => void response.writeHead(403).end('{}'),
    ],
    [
      'says 502',
      'refused',
      ['trading_bot_up 0'],
      (_request, response) => void response.writeHead(502).end('<html>'),
    ],
    [
      'redirects',
      'refused',
      ['trading_bot_up 0'],
      (_request, response) => void response.writeHead(302, { location: '/' }).end(),
    ],
    [
      'answers with HTML',
      'bad_answer',
      ['trading_bot_up 1', 'trading_bot_auth_ok 1'],
      (_request, response) => void response.end('<html>'),
    ],
    ['resets', 'unreachable', ['trading_bot_up 0'], (_request, response) => void response.destroy()],
    [
      'sends 100 MB',
      'bad_answer',
      ['trading_bot_up 1', 'trading_bot_auth_ok 1'],
      (_request, response) => void response.end(Buffer.alloc(100 * 1024 * 1024, 32)),
    ],
  ])('whose API %s', async (_what, reason, samples, answering) => {
    api.answer = answering;
    expect(await failed(reading({ equity: { at: 'total' } }))).toEqual([reason, ...samples]);
  });

  test('whose API hangs is given up with the scrape', async () => {
    const abort = new AbortController();
    api.answer = () => abort.abort();
    expect(await failed(reading({ equity: { at: 'total' } }), abort.signal)).toEqual([
      'timeout',
      'trading_bot_up 0',
    ]);
  });

  test('is asked again when the time of a request has come, and at once after a failure', async () => {
    api.answer = json({ total: 1 });
    const of = reading({ equity: { at: 'total' } });
    await collect(of);
    nowMs += 59_999;
    await collect(of);
    expect(api.asked).toHaveLength(1);
    nowMs += 1;
    api.answer = json({});
    await failed(of);
    api.answer = json({ total: 2 });
    expect(await collect(of)).toContain('trading_bot_equity USDT 2');
    expect(api.asked).toHaveLength(3);
  });

  test.each<[string, object, Record<string, string>]>([
    [
      'user and password',
      { username: 'me', password_file: 'pw' },
      { authorization: `Basic ${Buffer.from('me:text of pw').toString('base64')}` },
    ],
    ['a token', { token_file: 'token' }, { authorization: 'Bearer text of token' }],
    ['a header', { header: 'X-Api-Key', header_file: 'key' }, { 'x-api-key': 'text of key' }],
  ])('is told %s', async (_what, login, headers) => {
    api.answer = json({ total: 1 });
    await collect(reading({ equity: { at: 'total' } }, login));
    expect(api.asked[0]?.headers).toMatchObject(headers);
  });

  test('does not tell a token that no header can have', async () => {
    const of = { ...reading({ equity: { at: 'total' } }, { token_file: 'token' }) };
    const hidden = { ...of, readSecretFile: () => Promise.resolve(new Secret('one\ntwo')) };
    await expect(collect(hidden)).rejects.toThrow('what is in token cannot stand in a header');
  });

  test('is asked by POST where there is a body', async () => {
    api.answer = json({ total: 1 });
    await collect(
      target({ requests: [{ path: '/state?x=1', body: { a: [1] }, values: { equity: { at: 'total' } } }] }),
    );
    expect(api.asked).toMatchObject([
      {
        method: 'POST',
        url: '/state?x=1',
        body: '{"a":[1]}',
        headers: { 'content-type': 'application/json' },
      },
    ]);
  });

  test('of the kind freqtrade is left to its own collectors', async () => {
    const of = target({ requests: [{ path: '/', values: { equity: { at: 'x' } } }] });
    const other = { ...of, entry: { ...of.entry, kind: 'freqtrade' as const } };
    await expect(collect(other)).rejects.toBeInstanceOf(NoDataError);
  });
});
