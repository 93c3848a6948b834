import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

const open = gauge('freqtrade_open_trades', 'Trades that are open.');
const stake = gauge('freqtrade_open_stake', 'What the open trades were opened with, in the stake currency.');
const openProfit = gauge(
  'freqtrade_open_trade_profit_ratio',
  'Profit of an open trade now, as a ratio of its stake. No series where its pair has no rate.',
  ['trade_id', 'pair', 'side'],
);
const openProfitAbs = gauge(
  'freqtrade_open_trade_profit_abs',
  'Profit of an open trade now, in the stake currency. No series where its pair has no rate.',
  ['trade_id', 'pair', 'side'],
);
const openedAt = gauge(
  'freqtrade_open_trade_open_timestamp_seconds',
  'When the trade was opened, in seconds since the epoch.',
  ['trade_id', 'pair', 'side'],
);
const stopDistance = gauge(
  'freqtrade_open_trade_stoploss_distance_ratio',
  'How far the rate is from the stop-loss of the trade, as a ratio of the rate.',
  ['trade_id', 'pair', 'side'],
);

/** The oldest open trades are shown one by one; a bot rarely has more. */
const SHOWN = 50;

const tradeShape = z.object({
  trade_id: z.number(),
  pair: labelText,
  is_short: z.boolean().nullish(),
  open_timestamp: z.number(),
  stake_amount: z.number().nullish(),
  profit_ratio: z.number().nullish(),
  profit_abs: z.number().nullish(),
  stoploss_current_dist_ratio: z.number().nullish(),
});

/** The trades that are open. */
export function createTradesCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [open, stake, openProfit, openProfitAbs, openedAt, stopDistance];
  return {
    name: 'freqtrade_trades',
    metrics,
    background: {
      intervalMs: 60_000,
      metrics,
      read: async (target, signal) =>
        tradeSamples(await clientOf(target).get('status', z.array(tradeShape), signal)),
    },
  };
}

function tradeSamples(trades: readonly z.output<typeof tradeShape>[]): Sample[] {
  const shown = trades.toSorted((one, other) => one.trade_id - other.trade_id).slice(0, SHOWN);
  const staked = trades.reduce((sum, { stake_amount }) => sum + (stake_amount ?? 0), 0);
  return [sample(open, trades.length), sample(stake, staked), ...shown.flatMap(oneTrade)];
}

function oneTrade({
  trade_id,
  pair,
  is_short,
  open_timestamp,
  profit_ratio,
  profit_abs,
  stoploss_current_dist_ratio,
}: z.output<typeof tradeShape>): Sample[] {
  const labels = { trade_id: String(trade_id), pair, side: is_short === true ? 'short' : 'long' };
  const optional = (metric: typeof openProfit, value: number | null | undefined) =>
    value === null || value === undefined ? [] : [sample(metric, value, labels)];
  return [
    sample(openedAt, open_timestamp / 1000, labels),
    ...optional(openProfit, profit_ratio),
    ...optional(openProfitAbs, profit_abs),
    ...optional(stopDistance, stoploss_current_dist_ratio),
  ];
}
