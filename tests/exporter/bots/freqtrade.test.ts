import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collector } from '../../../exporter/collector.ts';
import { createFreqtradeCollectors } from '../../../exporter/collectors/freqtrade/freqtrade.ts';
import type { BotTarget } from '../../../exporter/targets/target.ts';
import { refusal, startFreqtradeDouble, type FreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';
import { botTarget, readSeries } from './read-bot.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let bot: FreqtradeDouble;
let folder: TempFolder;
let collectors: Map<string, Collector<BotTarget>>;
beforeEach(async () => {
  bot = await startFreqtradeDouble();
  folder = await createTempFolder('steward-freqtrade');
  startCollectors();
});
afterEach(async () => {
  await bot.stop();
  await folder.remove();
});

/** As an exporter does that was just started. */
function startCollectors(): void {
  collectors = new Map(
    createFreqtradeCollectors(() => folder.path).map((collector) => [collector.name, collector]),
  );
}

const target = (password?: string, url = bot.url) => botTarget(url, { password });

const read = (name: string, of: BotTarget = target(), signal?: AbortSignal) =>
  readSeries(collectors.get(name), of, signal);

const setField = (path: string, change: object) =>
  bot.answers.set(path, { ...(bot.answers.get(path) as object), ...change });

describe('freqtrade', () => {
  test('a bot that runs', async () => {
    expect(await read('freqtrade')).toMatchObject({
      freqtrade_up: 1,
      freqtrade_auth_ok: 1,
      'freqtrade_info 2024.10 binance dry_run BTC 2.4 freqtrade SampleStrategy spot  5m': 1,
      'freqtrade_state running': 1,
      'freqtrade_state paused': 0,
      'freqtrade_state stopped': 0,
      'freqtrade_state reload_config': 0,
      freqtrade_dry_run: 1,
      freqtrade_timeframe_seconds: 300,
      freqtrade_last_process_timestamp_seconds: 1_795_426_143,
      freqtrade_bot_start_timestamp_seconds: 1_795_420_000,
      freqtrade_bot_startup_timestamp_seconds: 1_795_419_990,
      'freqtrade_api_request_duration_seconds show_config': expect.any(Number),
    });
  });

  test('its limit of open trades, where it has one', async () => {
    expect(await read('freqtrade')).not.toHaveProperty('freqtrade_max_open_trades');
    setField('show_config', { max_open_trades: null });
    expect(await read('freqtrade')).not.toHaveProperty('freqtrade_max_open_trades');
    setField('show_config', { max_open_trades: 3 });
    expect(await read('freqtrade')).toMatchObject({ freqtrade_max_open_trades: 3 });
  });

  test('its open trades, with milliseconds read as such, and without what is no number', async () => {
    expect(await read('freqtrade_trades')).toEqual({
      freqtrade_open_trades: 2,
      freqtrade_open_stake: 0.003,
      'freqtrade_open_trade_open_timestamp_seconds 7 ETH/BTC long': 1_795_425_000,
      'freqtrade_open_trade_profit_ratio 7 ETH/BTC long': -0.0041,
      'freqtrade_open_trade_profit_abs 7 ETH/BTC long': -0.000_004_1,
      'freqtrade_open_trade_stoploss_distance_ratio 7 ETH/BTC long': 0.0993,
      'freqtrade_open_trade_open_timestamp_seconds 8 LTC/BTC short': 1_795_425_600,
    });
  });

  test('no open trade is zero, and no more than 50 are shown', async () => {
    bot.answers.set('status', []);
    expect(await read('freqtrade_trades')).toEqual({ freqtrade_open_trades: 0, freqtrade_open_stake: 0 });
    const trade = { pair: 'X/BTC', open_timestamp: 1000 };
    bot.answers.set(
      'status',
      Array.from({ length: 80 }, (_, index) => ({ ...trade, trade_id: index })),
    );
    const series = await read('freqtrade_trades');
    expect(series['freqtrade_open_trades']).toBe(80);
    expect(Object.keys(series)).toHaveLength(52);
  });

  test('its profit, without the ratios that an older version does not know, and without null', async () => {
    setField('profit', { profit_factor: null, profit_all_coin: null });
    const profit = await read('freqtrade_profit');
    expect(profit).toMatchObject({
      freqtrade_trades_closed: 2,
      freqtrade_profit_closed_abs: -0.005_429_13,
      freqtrade_winrate_ratio: 0.5,
      freqtrade_drawdown_max_ratio: 0.05,
      freqtrade_trade_last_open_timestamp_seconds: 1_795_425_600,
    });
    for (const name of ['freqtrade_profit_factor', 'freqtrade_profit_all_abs', 'freqtrade_sharpe']) {
      expect(profit).not.toHaveProperty(name);
    }
    setField('profit', { sharpe: 1.5, current_drawdown: 0.01, latest_trade_timestamp: 0 });
    const newer = await read('freqtrade_profit');
    expect(newer).toMatchObject({ freqtrade_sharpe: 1.5, freqtrade_drawdown_current_ratio: 0.01 });
    expect(newer).not.toHaveProperty('freqtrade_trade_last_open_timestamp_seconds');
  });

  test('its balance, in which positions are not counted twice', async () => {
    expect(await read('freqtrade_balance')).toEqual({
      freqtrade_equity_stake: 12.159_513_094,
      freqtrade_equity_bot_stake: 11.879_999,
      'freqtrade_equity_fiat USD': 150_102.6,
      freqtrade_starting_capital: 10,
      'freqtrade_balance BTC': 12,
      'freqtrade_balance XRP': 3,
      'freqtrade_balance_stake BTC': 12,
      'freqtrade_balance_stake XRP': 0.159_513_094,
      'freqtrade_balance_bot_stake BTC': 11.879_999,
      'freqtrade_balance_bot_stake XRP': 0,
    });
  });

  test('the smallest of many holdings are one', async () => {
    const currencies = Array.from({ length: 30 }, (_, index) => ({
      currency: `C${index}`,
      est_stake: index,
    }));
    setField('balance', { currencies });
    const series = await read('freqtrade_balance');
    expect(series['freqtrade_balance_stake other']).toBe(45);
    expect(series).not.toHaveProperty('freqtrade_balance_stake C9');
  });

  test('how its trades ended, with reasons that a strategy made up as one', async () => {
    const exits = await read('freqtrade_exits');
    expect(exits).toMatchObject({
      'freqtrade_exit_trades roi wins': 1,
      'freqtrade_exit_trades stop_loss losses': 1,
      'freqtrade_exit_trades other wins': 2,
      'freqtrade_exit_trades liquidation losses': 0,
      'freqtrade_trade_duration_seconds losses': 1800.5,
    });
    expect(exits).not.toHaveProperty('freqtrade_trade_duration_seconds draws');
    expect(await read('freqtrade_locks')).toEqual({
      freqtrade_locks: 1,
      'freqtrade_lock_end_timestamp_seconds * *': 1_795_429_800,
    });
  });
});

test('closed trades are counted from when the bot was first watched, over a restart; deleted ones stay counted', async () => {
  const set = (wins: number) => {
    const reason = { wins, losses: 1, draws: 0 };
    setField('stats', { exit_reasons: { roi: reason, mine: reason } });
  };
  const counted = async () => {
    const series = await read('freqtrade_exits');
    return ['roi', 'other', 'liquidation'].map(
      (reason) => series[`freqtrade_exits_observed_total ${reason}`],
    );
  };
  set(4);
  expect(await counted()).toEqual([0, 0, 0]);
  set(6);
  expect(await counted()).toEqual([2, 2, 0]);
  set(3);
  expect(await counted()).toEqual([2, 2, 0]);
  startCollectors();
  set(4);
  expect(await counted()).toEqual([3, 3, 0]);
});

describe('the login', () => {
  test('is kept, renewed when its token is over, and made again when that is, too', async () => {
    await read('freqtrade');
    await read('freqtrade');
    expect(bot.asked.filter((path) => path === 'token/login')).toHaveLength(1);
    bot.expireAccess();
    await read('freqtrade');
    expect(bot.asked.filter((path) => path.startsWith('token/'))).toEqual(['token/login', 'token/refresh']);
    bot.expireAccess();
    bot.expireRefresh();
    expect(await read('freqtrade')).toMatchObject({ freqtrade_up: 1 });
    expect(bot.asked.slice(-6)).toContain('token/login');
  });

  test('is one for requests that come together', async () => {
    const of = target();
    await Promise.all(
      ['freqtrade_trades', 'freqtrade_profit', 'freqtrade_balance'].map((name) => read(name, of)),
    );
    expect(bot.asked.filter((path) => path === 'token/login')).toHaveLength(1);
    bot.expireAccess();
    await Promise.all(
      ['freqtrade_trades', 'freqtrade_profit', 'freqtrade_balance'].map((name) => read(name, of)),
    );
    expect(bot.asked.filter((path) => path === 'token/refresh')).toHaveLength(1);
  });

  test('that is not taken is told apart from a bot that does not answer', async () => {
    expect(await read('freqtrade', target('wrong'))).toEqual({ freqtrade_up: 0, freqtrade_auth_ok: 0 });
    expect(await read('freqtrade', target('any', 'http://127.0.0.1:1'))).toEqual({ freqtrade_up: 0 });
    await expect(read('freqtrade_profit', target('wrong'))).rejects.toMatchObject({ reason: 'login' });
  });
});

describe('a bot that misbehaves', () => {
  const html = (response: ServerResponse) => void response.writeHead(200).end('<html>login</html>');
  const endless = (response: ServerResponse) => {
    response.writeHead(200);
    const write = (): void => {
      while (response.write('x'.repeat(1024 * 1024)));
      response.once('drain', write);
    };
    write();
  };

  test.each<[what: string, fault: (response: ServerResponse) => void, reason: string]>([
    ['HTML', html, 'bad_answer'],
    ['an answer without end', endless, 'bad_answer'],
    ['another shape', (response) => void response.writeHead(200).end('{"total": "much"}'), 'bad_answer'],
    [
      'a name without end',
      (response) =>
        void response
          .writeHead(200)
          .end(JSON.stringify({ total: 1, symbol: 'x'.repeat(1000), currencies: [] })),
      'bad_answer',
    ],
    ['that it cannot now', refusal('balance', 'Error getting current tickers.'), 'refused'],
    ['nothing, and closes', (response) => void response.destroy(), 'unreachable'],
    [
      'a redirect',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'refused',
    ],
  ])('answers %s: that costs this part alone, and says why', async (_what, fault, reason) => {
    bot.faults.set('balance', fault);
    await expect(read('freqtrade_balance')).rejects.toMatchObject({ reason });
    expect(await read('freqtrade')).toMatchObject({ freqtrade_up: 1 });
  });

  test('hangs: what is asked ends with its time, and the bot is down where that is its state', async () => {
    const late = () => AbortSignal.timeout(300);
    bot.faults.set('profit', () => undefined);
    await expect(read('freqtrade_profit', target(), late())).rejects.toMatchObject({ reason: 'timeout' });
    bot.faults.set('ping', () => undefined);
    expect(await read('freqtrade', target(), late())).toEqual({ freqtrade_up: 0 });
  });

  test('is stopped, paused, or just starting, and not down', async () => {
    setField('show_config', { state: 'paused' });
    expect(await read('freqtrade')).toMatchObject({
      'freqtrade_state paused': 1,
      'freqtrade_state running': 0,
    });
    bot.answers.set('ping', { status: 'starting' });
    setField('health', { last_process_ts: null });
    const starting = await read('freqtrade');
    expect(starting).toMatchObject({ freqtrade_up: 1 });
    expect(starting).not.toHaveProperty('freqtrade_last_process_timestamp_seconds');
  });
});
