import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NoDataError, type Collector } from '../../../exporter/collector.ts';
import { createFreqtradeCollectors } from '../../../exporter/collectors/freqtrade/freqtrade.ts';
import type { BotTarget } from '../../../exporter/targets/target.ts';
import { Secret } from '../../../inventory/secret.ts';
import {
  FREQTRADE_LOGIN,
  refusal,
  startFreqtradeDouble,
  type FreqtradeDouble,
} from '../../../lab/bot/freqtrade-double.ts';
import { botTarget, readSeries } from './read-bot.ts';

let bot: FreqtradeDouble;
let collectors: Map<string, Collector<BotTarget>>;
beforeEach(async () => {
  bot = await startFreqtradeDouble();
  const made = createFreqtradeCollectors(() => '/nonexistent');
  collectors = new Map(made.map((collector) => [collector.name, collector]));
});
afterEach(() => bot.stop());

const read = (name: string) => readSeries(collectors.get(name), botTarget(bot.url));
const candlesOf = (pair: string) =>
  `pair_candles?${new URLSearchParams({ pair, timeframe: '5m', limit: '1' }).toString()}`;

describe('profit by day', () => {
  test('is that of today and yesterday', async () => {
    expect(await read('freqtrade_daily')).toEqual({
      'freqtrade_daily_start_timestamp_seconds today': 1_795_392_000,
      'freqtrade_daily_trades today': 3,
      'freqtrade_daily_profit_abs today': -0.0012,
      'freqtrade_daily_profit_ratio today': -0.000_12,
      'freqtrade_daily_start_timestamp_seconds yesterday': 1_795_305_600,
      'freqtrade_daily_trades yesterday': 7,
      'freqtrade_daily_profit_abs yesterday': 0.02,
      'freqtrade_daily_profit_ratio yesterday': 0.002,
    });
  });

  test('has no series for what is null, and fails for a day that is none', async () => {
    const day = { date: '2026-11-23', abs_profit: null, rel_profit: null, trade_count: 0 };
    bot.answers.set('daily?timescale=2', { data: [day] });
    expect(Object.keys(await read('freqtrade_daily'))).toEqual([
      'freqtrade_daily_start_timestamp_seconds today',
      'freqtrade_daily_trades today',
    ]);
    bot.answers.set('daily?timescale=2', { data: [{ ...day, date: '2026-13-99' }] });
    await expect(read('freqtrade_daily')).rejects.toMatchObject({ reason: 'bad_answer' });
  });
});

describe('profit by pair', () => {
  test('is shown of each, a loss too', async () => {
    expect(await read('freqtrade_performance')).toEqual({
      'freqtrade_pair_trades XRP/ETH': 1,
      'freqtrade_pair_profit_abs XRP/ETH': -0.115_037_5,
      'freqtrade_pair_profit_ratio XRP/ETH': -0.055_704_19,
      'freqtrade_pair_trades LTC/ETH': 1,
      'freqtrade_pair_profit_abs LTC/ETH': 0.018_722_8,
      'freqtrade_pair_profit_ratio LTC/ETH': 0.076_092_03,
    });
  });

  test('is added up for those that matter least', async () => {
    const pairs = Array.from({ length: 30 }, (_, index) => ({
      pair: `P${index}`,
      profit_abs: index % 2 === 0 ? index : -index,
      profit_ratio: null,
      count: 2,
    }));
    bot.answers.set('performance', pairs);
    const series = await read('freqtrade_performance');
    expect(series).toMatchObject({
      'freqtrade_pair_profit_abs P29': -29,
      'freqtrade_pair_profit_abs other': -5,
      'freqtrade_pair_trades other': 20,
    });
    expect(series).not.toHaveProperty(['freqtrade_pair_profit_abs P9']);
    expect(Object.keys(series)).toHaveLength(42);
  });

  test('is nothing before the first trade', async () => {
    bot.answers.set('performance', []);
    expect(await read('freqtrade_performance')).toEqual({});
  });
});

test('the sizes of the lists of pairs', async () => {
  expect(await read('freqtrade_pair_lists')).toEqual({
    freqtrade_whitelist_pairs: 3,
    freqtrade_blacklist_pairs: 2,
  });
});

describe('the newest candles', () => {
  test('are those of open trades and of the whitelist; a pair that was not analysed counts as without', async () => {
    const series = await read('freqtrade_candles');
    expect(series).toEqual({
      'freqtrade_candle_last_timestamp_seconds ETH/BTC 5m': 1_795_425_900,
      'freqtrade_pair_last_analyzed_timestamp_seconds ETH/BTC 5m': 1_795_426_201,
      'freqtrade_candle_last_timestamp_seconds LTC/BTC 5m': 1_795_425_900,
      'freqtrade_pair_last_analyzed_timestamp_seconds LTC/BTC 5m': 1_795_426_201,
      'freqtrade_candle_last_timestamp_seconds XRP/BTC 5m': 1_795_425_900,
      'freqtrade_pair_last_analyzed_timestamp_seconds XRP/BTC 5m': 1_795_426_201,
      freqtrade_pairs_without_candles: 1,
    });
  });

  test('of a pair that is refused cost that pair alone, of a bot that hangs all', async () => {
    bot.faults.set(candlesOf('ETH/BTC'), refusal('pair_candles', 'No data for ETH/BTC'));
    const series = await read('freqtrade_candles');
    expect(series).toMatchObject({ freqtrade_pairs_without_candles: 2 });
    expect(series).toHaveProperty(['freqtrade_candle_last_timestamp_seconds LTC/BTC 5m']);
    bot.faults.set(candlesOf('ETH/BTC'), (response) => void response.destroy());
    await expect(read('freqtrade_candles')).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('are asked for ten pairs at the most', async () => {
    const whitelist = Array.from({ length: 300 }, (_, index) => `P${index}/BTC`);
    bot.answers.set('whitelist', { whitelist, length: 300, method: [] });
    await read('freqtrade_candles');
    expect(bot.asked.filter((path) => path.startsWith('pair_candles'))).toHaveLength(10);
  });

  test('are none of a bot without a strategy, and that is no fault', async () => {
    bot.answers.set('show_config', { ...(bot.answers.get('show_config') as object), timeframe: null });
    await expect(read('freqtrade_candles')).rejects.toBeInstanceOf(NoDataError);
  });
});

test('a login that a proxy keeps out is replaced by user and password in each request', async () => {
  bot.faults.set('token/login', (response) => void response.writeHead(405).end('<html>'));
  let password = 'wrong';
  const target = {
    ...botTarget(bot.url),
    readSecretFile: () => Promise.resolve(new Secret(password)),
  };
  const ask = () => readSeries(collectors.get('freqtrade_pair_lists'), target);
  await expect(ask()).rejects.toMatchObject({ reason: 'login' });
  // A password that was put right counts at once.
  password = FREQTRADE_LOGIN.password;
  expect(await ask()).toMatchObject({ freqtrade_whitelist_pairs: 3 });
});

test('NaN, which is no JSON, is no answer', async () => {
  bot.faults.set('performance', (response) => void response.end('[{"pair":"X","count":1,"profit_abs":NaN}]'));
  await expect(read('freqtrade_performance')).rejects.toMatchObject({ reason: 'bad_answer' });
});
