import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { createBotApiCollector } from '../../exporter/collectors/bot-api.ts';
import type { Host } from '../../hosts/host.ts';
import { botSchema } from '../../inventory/schema/bot.ts';
import { Secret } from '../../inventory/secret.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import { brief } from '../helpers/brief.ts';
import { loadGoodYaml } from '../helpers/load-yaml.ts';
import { startScriptedApi } from '../helpers/scripted-api.ts';

/** What the APIs of the documentation answer, in their shapes. */
const documented: Readonly<Record<string, unknown>> = {
  '/api/status': {
    state: 'running',
    last_tick_ms: 1000,
    positions: [],
    account: { total: 5, drawdown_percent: 10 },
  },
  '/bot-orchestration/hummingbot-mm/status': {
    status: 'success',
    data: {
      status: 'running',
      performance: {
        one: {
          status: 'running',
          performance: { realized_pnl_quote: 1.5, unrealized_pnl_quote: -0.5 },
          custom_info: {},
        },
        two: {
          status: 'running',
          performance: { realized_pnl_quote: 2, unrealized_pnl_quote: 0 },
          custom_info: {},
        },
      },
      error_logs: [{ level_name: 'ERROR', msg: 'x' }],
      general_logs: [],
      recently_active: true,
    },
  },
  '/portfolio/state': {
    master_account: {
      binance: [{ token: 'BTC', units: 0.1, price: 90_000, value: 9000, available_units: 0.1 }],
      okx: [],
    },
  },
  '/live/sessions': { sessions: [{ id: 'x', status: 'running' }], count: 1 },
  '/system/active-workers': { data: ['x'] },
  '/api/positions': [{ symbol: 'BTC/USDT', unrealized_pnl: 3.5 }],
  '/api/historical_portfolio_value?currency=USDT&time_frame=1d': [
    { time: 1, value: '999.5' },
    { time: 2, value: '1000.25' },
  ],
  '/api/trades': [{ symbol: 'BTC/USDT' }, { symbol: 'BTC/USDT' }],
};

const text = await readFile(new URL('../../docs/trading-bots.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

test('docs/trading-bots.md shows a freqtrade bot that policies may act on', async () => {
  const yaml = examples.find((example) => example.includes('kind: freqtrade')) ?? '';
  expect(checkPolicies(await loadGoodYaml(yaml))).toEqual([]);
});

test('docs/trading-bots.md shows bots that can be read', async () => {
  await using resources = new AsyncDisposableStack();
  const api = await startScriptedApi();
  resources.defer(() => api.stop());
  api.answer = ({ url }, response) => {
    if (Object.hasOwn(documented, url)) response.end(JSON.stringify(documented[url]));
    else response.writeHead(404).end();
  };
  const blocks = examples.map((yaml) => load(yaml) as { bots: Record<string, { kind: string }> });
  const collector = createBotApiCollector(Date.now);
  const read: Record<string, string[]> = {};
  const others = blocks
    .flatMap(({ bots }) => Object.entries(bots))
    .filter(([, { kind }]) => kind === 'http_json');
  for (const [id, entry] of others) {
    const target = {
      id,
      entry: botSchema.parse({ ...entry, url: api.url }),
      host: {} as Host,
      readSecretFile: () => Promise.resolve(new Secret('x')),
    };
    read[id] = brief((await collector.collect?.(target, new AbortController().signal)) ?? []);
  }
  const up = ['trading_bot_up 1', 'trading_bot_auth_ok 1'];
  expect(read).toEqual({
    grid: [
      ...up,
      'trading_bot_running 1',
      'trading_bot_last_loop_timestamp_seconds 1',
      'trading_bot_open_positions 0',
      'trading_bot_equity USDT 5',
      'trading_bot_drawdown_ratio 0.1',
    ],
    'market-maker': [
      ...up,
      'trading_bot_running 1',
      'trading_bot_profit_realized USD 3.5',
      'trading_bot_profit_unrealized USD -0.5',
      'trading_bot_errors 1',
      'trading_bot_equity USD 9000',
    ],
    jesse: [...up, 'trading_bot_running 1', 'trading_bot_open_positions 1'],
    octobot: [
      ...up,
      'trading_bot_open_positions 1',
      'trading_bot_profit_unrealized USDT 3.5',
      'trading_bot_equity USDT 1000.25',
      'trading_bot_trades 2',
    ],
  });
});
