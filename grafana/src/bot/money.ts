import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No bots in steward.yml';

/** What a bot is worth, and what it earns. */
export function moneyPanels(): AnyPanel[] {
  return [...worthPanels(), ...profitPanels()];
}

function worthPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Equity',
        description: 'What the bot manages, and what it began with, in its stake currency.',
        empty,
      },
      [
        { expr: `freqtrade_equity_bot_stake{${chosen}}`, legend: '{{instance}} now' },
        { expr: `freqtrade_starting_capital{${chosen}}`, legend: '{{instance}} start' },
      ],
      { unit: 'short', fitted: true },
    ),
    lines(
      {
        title: 'Drawdown',
        description: 'Fall of the balance from its high: now, and the deepest that there was.',
        empty,
      },
      [
        { expr: `freqtrade_drawdown_current_ratio{${chosen}}`, legend: '{{instance}} now' },
        { expr: `freqtrade_drawdown_max_ratio{${chosen}}`, legend: '{{instance}} deepest' },
      ],
      { unit: 'percentunit', limit: thresholds.botDrawdownRatio },
    ),
    lines(
      {
        title: 'Loss within a day',
        description: 'How much less the bot manages than at its best moment of the last 24 hours.',
        empty,
      },
      [
        {
          expr: `1 - freqtrade_equity_bot_stake{${chosen}} / (max_over_time(freqtrade_equity_bot_stake{${chosen}}[1d]) > 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', limit: thresholds.botLossRatio },
    ),
  ];
}

function profitPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Profit',
        description: 'Profit of closed trades, and with the open ones, in the stake currency.',
        empty,
      },
      [
        { expr: `freqtrade_profit_closed_abs{${chosen}}`, legend: '{{instance}} closed' },
        { expr: `freqtrade_profit_all_abs{${chosen}}`, legend: '{{instance}} with open trades' },
      ],
      { unit: 'short' },
    ),
    lines(
      {
        title: 'Profit of today',
        description: 'Profit since midnight UTC, in the stake currency.',
        empty,
      },
      [{ expr: `freqtrade_daily_profit_abs{${chosen}, day="today"}`, legend: '{{instance}}' }],
      { unit: 'short' },
    ),
  ];
}

/** What a bot holds, and how often it was right. */
export function holdingPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'What it holds',
        description: 'The largest holdings, valued in the stake currency.',
        empty,
      },
      [{ expr: `topk(8, freqtrade_balance_stake{${chosen}})`, legend: '{{instance}} {{currency}}' }],
      { unit: 'short' },
    ),
    lines(
      {
        title: 'Trades won',
        description: 'Share of the closed trades that did not lose.',
        empty: 'No trade was closed yet',
      },
      [{ expr: `freqtrade_winrate_ratio{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'percentunit', max: 1 },
    ),
  ];
}
