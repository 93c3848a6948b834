import { hourlyBars, lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { table } from '../table.ts';

/** What a bot risks now. */
export function tradePanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Profit of open trades',
        description: 'Of each open trade, as a share of its stake.',
        empty: 'No open trades',
      },
      [{ expr: `freqtrade_open_trade_profit_ratio{${chosen}}`, legend: '{{pair}} {{side}}' }],
      { unit: 'percentunit' },
    ),
    lines(
      {
        title: 'Distance from the stop-loss',
        description: 'How far the rate is from the stop-loss of each open trade, as a share of the rate.',
        empty: 'No open trades',
      },
      [{ expr: `freqtrade_open_trade_stoploss_distance_ratio{${chosen}}`, legend: '{{pair}} {{side}}' }],
      { unit: 'percentunit' },
    ),
    lines(
      {
        title: 'Stake in open trades',
        description: 'What the open trades were opened with, in the stake currency.',
        empty: 'No bots in steward.yml',
      },
      [{ expr: `freqtrade_open_stake{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'short' },
    ),
    stateTimeline(
      {
        title: 'Locked pairs',
        description: 'Pairs that the bot must not trade for a while, such as after a loss; * is all of them.',
        empty: 'No pair is locked',
      },
      [
        {
          expr: `freqtrade_lock_end_timestamp_seconds{${chosen}} > bool time()`,
          legend: '{{instance}} {{pair}} {{side}}',
        },
      ],
      { 1: { text: 'Locked', color: 'orange' }, 0: { text: 'Free', color: 'green' } },
    ),
  ];
}

/** What a bot made of its trades. */
export function recordPanels(): AnyPanel[] {
  return [
    table(
      {
        title: 'Pairs',
        description:
          'Profit of the closed trades of each pair, in the stake currency, at the end of the time shown.',
        empty: 'No trade was closed yet',
      },
      `sort_desc(sum by (instance, pair) (freqtrade_pair_profit_abs{${chosen}}))`,
      { instance: 'Bot', pair: 'Pair', Value: 'Profit' },
    ),
    hourlyBars(
      {
        title: 'Trades closed, by why',
        description: 'Trades that were closed in each hour, by what closed them.',
        empty: 'No trade was closed yet',
      },
      [
        {
          expr: `sum by (instance, exit_reason) (increase(freqtrade_exits_observed_total{${chosen}}[$__rate_interval])) > 0`,
          legend: '{{instance}} {{exit_reason}}',
        },
      ],
    ),
  ];
}
