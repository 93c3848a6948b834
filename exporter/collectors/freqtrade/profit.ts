import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type MetricDescriptor, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

const number = z.number().nullish();

const profitShape = z.object({
  closed_trade_count: number,
  winning_trades: number,
  losing_trades: number,
  profit_closed_coin: number,
  profit_closed_ratio: number,
  profit_closed_fiat: number,
  profit_all_coin: number,
  profit_all_ratio: number,
  profit_factor: number,
  winrate: number,
  expectancy: number,
  expectancy_ratio: number,
  max_drawdown: number,
  max_drawdown_abs: number,
  current_drawdown: number,
  current_drawdown_abs: number,
  sharpe: number,
  sortino: number,
  calmar: number,
  sqn: number,
  cagr: number,
  trading_volume: number,
});
type Field = keyof z.output<typeof profitShape>;

/** Each field of /profit and its metric. freqtrade writes null for what is no number, and older versions lack the last ones. */
const fields: readonly (readonly [Field, MetricDescriptor<never>])[] = [
  [
    'closed_trade_count',
    gauge('freqtrade_trades_closed', 'Trades that are closed. It falls where trades are deleted.'),
  ],
  [
    'winning_trades',
    gauge('freqtrade_trades_won', 'Closed trades without a loss; one that broke even counts here.'),
  ],
  ['losing_trades', gauge('freqtrade_trades_lost', 'Closed trades with a loss.')],
  [
    'profit_closed_coin',
    gauge('freqtrade_profit_closed_abs', 'Profit of all closed trades, in the stake currency.'),
  ],
  [
    'profit_closed_ratio',
    gauge(
      'freqtrade_profit_closed_ratio',
      'Profit of all closed trades, as a ratio of the starting balance.',
    ),
  ],
  [
    'profit_closed_fiat',
    gauge(
      'freqtrade_profit_closed_fiat',
      'Profit of all closed trades, in the currency of display; 0 where the bot has none.',
    ),
  ],
  [
    'profit_all_coin',
    gauge(
      'freqtrade_profit_all_abs',
      'Profit of closed and open trades, in the stake currency. No series while an open pair has no rate.',
    ),
  ],
  [
    'profit_all_ratio',
    gauge(
      'freqtrade_profit_all_ratio',
      'Profit of closed and open trades, as a ratio of the starting balance.',
    ),
  ],
  ['profit_factor', gauge('freqtrade_profit_factor', 'Gains by losses. No series where there is no loss.')],
  ['winrate', gauge('freqtrade_winrate_ratio', 'Share of closed trades that won, 0 to 1.')],
  ['expectancy', gauge('freqtrade_expectancy_abs', 'Expected profit of a trade, in the stake currency.')],
  [
    'expectancy_ratio',
    gauge(
      'freqtrade_expectancy_ratio',
      'Expected profit by the risk of a trade; 100 where there is no loss.',
    ),
  ],
  [
    'max_drawdown',
    gauge('freqtrade_drawdown_max_ratio', 'Deepest fall of the balance from its high, as a ratio.'),
  ],
  [
    'max_drawdown_abs',
    gauge('freqtrade_drawdown_max_abs', 'Deepest fall of the balance from its high, in the stake currency.'),
  ],
  [
    'current_drawdown',
    gauge(
      'freqtrade_drawdown_current_ratio',
      'Fall of the balance from its high now, as a ratio. Only freqtrade of API 2.45 or newer.',
    ),
  ],
  [
    'current_drawdown_abs',
    gauge(
      'freqtrade_drawdown_current_abs',
      'Fall of the balance from its high now, in the stake currency. Only freqtrade of API 2.45 or newer.',
    ),
  ],
  [
    'sharpe',
    gauge('freqtrade_sharpe', 'Sharpe ratio of the closed trades. Only freqtrade of API 2.45 or newer.'),
  ],
  [
    'sortino',
    gauge('freqtrade_sortino', 'Sortino ratio of the closed trades. Only freqtrade of API 2.45 or newer.'),
  ],
  [
    'calmar',
    gauge('freqtrade_calmar', 'Calmar ratio of the closed trades. Only freqtrade of API 2.45 or newer.'),
  ],
  [
    'sqn',
    gauge(
      'freqtrade_sqn',
      'System quality number of the closed trades. Only freqtrade of API 2.45 or newer.',
    ),
  ],
  ['cagr', gauge('freqtrade_cagr_ratio', 'Growth a year, as a ratio. Only freqtrade of API 2.45 or newer.')],
  ['trading_volume', gauge('freqtrade_trading_volume', 'Volume of all trades, in the stake currency.')],
];
const latest = gauge(
  'freqtrade_trade_last_open_timestamp_seconds',
  'When the newest trade was opened, in seconds since the epoch. No series before the first trade.',
);
const withLatest = profitShape.extend({ latest_trade_timestamp: number });
const metrics = [...fields.map(([, metric]) => metric), latest];

/** What the bot has earned. freqtrade reads all trades for it, so it is asked for rarely. */
export function createProfitCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  return {
    name: 'freqtrade_profit',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      read: async (target, signal) => profitSamples(await clientOf(target).get('profit', withLatest, signal)),
    },
  };
}

function profitSamples(profit: z.output<typeof withLatest>): Sample[] {
  const samples = fields.flatMap(([field, metric]) => {
    const value = profit[field];
    return value === null || value === undefined ? [] : [sample(metric, value)];
  });
  // Milliseconds, and 0 where there is no trade.
  return profit.latest_trade_timestamp
    ? [...samples, sample(latest, profit.latest_trade_timestamp / 1000)]
    : samples;
}
