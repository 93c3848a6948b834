import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No bots of the kind http_json in steward.yml, or none with this value';

/** Bots whose API steward.yml describes: what each shows, in its own currency. */
export function otherKindsPanels(): AnyPanel[] {
  return [
    lines(
      { title: 'Equity of other bots', description: 'What each bot has, in its own currency.', empty },
      [{ expr: `trading_bot_equity{${chosen}}`, legend: '{{instance}} {{currency}}' }],
      { unit: 'short', fitted: true },
    ),
    lines(
      {
        title: 'Profit of other bots',
        description: 'Profit of what is closed and of what is open, in the currency of the bot.',
        empty,
      },
      [
        { expr: `trading_bot_profit_realized{${chosen}}`, legend: '{{instance}} closed {{currency}}' },
        { expr: `trading_bot_profit_unrealized{${chosen}}`, legend: '{{instance}} open {{currency}}' },
      ],
      { unit: 'short', fitted: true },
    ),
    lines(
      { title: 'Positions, trades and errors of other bots', description: 'As the bots count them.', empty },
      [
        { expr: `trading_bot_open_positions{${chosen}}`, legend: '{{instance}} open positions' },
        { expr: `trading_bot_trades{${chosen}}`, legend: '{{instance}} trades' },
        { expr: `trading_bot_errors{${chosen}}`, legend: '{{instance}} errors' },
      ],
      { unit: 'short' },
    ),
    lines(
      { title: 'Drawdown of other bots', description: 'Fall of the balance from its high, now.', empty },
      [{ expr: `trading_bot_drawdown_ratio{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'percentunit', limit: thresholds.botDrawdownRatio },
    ),
  ];
}
