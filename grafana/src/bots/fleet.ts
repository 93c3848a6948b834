import { lines, opens, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No bots in steward.yml';

/** Whether the bots are there and trade. */
export function fleetStatePanels(): AnyPanel[] {
  return [
    opens(
      stateTimeline(
        { title: 'Bots', description: 'Whether the API of the bot answered and took the login.', empty },
        [{ expr: `freqtrade_up{${chosen}} or trading_bot_up{${chosen}}`, legend: '{{instance}}' }],
        upOrDown,
      ),
      pages.bot,
    ),
    opens(
      stateTimeline(
        {
          title: 'Trading',
          description: 'Whether the bot was running. One that was stopped or paused opens no trade.',
          empty,
        },
        [
          {
            expr: `freqtrade_state{${chosen}, state="running"} or trading_bot_running{${chosen}}`,
            legend: '{{instance}}',
          },
        ],
        { 1: { text: 'Running', color: 'green' }, 0: { text: 'Stopped or paused', color: 'orange' } },
      ),
      pages.bot,
    ),
    lines(
      {
        title: 'Since the loop ended',
        description: 'How long ago the bot last looked at its trades. Beyond the line it reacts to no price.',
        empty,
      },
      [
        {
          expr: `time() - (freqtrade_last_process_timestamp_seconds{${chosen}} or trading_bot_last_loop_timestamp_seconds{${chosen}})`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.botLoopSeconds },
    ),
    lines(
      {
        title: 'Open trades',
        description: 'Trades that are open, by how many may be open at once where there is a limit.',
        empty: 'No bots in steward.yml, or none with a limit of open trades',
      },
      [
        {
          expr: `freqtrade_open_trades{${chosen}} / (freqtrade_max_open_trades{${chosen}} > 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit' },
    ),
  ];
}

/** How the bots do beside each other. Shares, since each may have a stake currency of its own. */
export function fleetMoneyPanels(): AnyPanel[] {
  const ratio = (title: string, description: string, expr: string): AnyPanel =>
    opens(
      lines({ title, description, empty }, [{ expr, legend: '{{instance}}' }], {
        unit: 'percentunit',
        fitted: true,
      }),
      pages.bot,
    );
  return [
    ratio(
      'Equity',
      'What each bot manages, by what it began with: 100 % is the starting capital.',
      `freqtrade_equity_bot_stake{${chosen}} / freqtrade_starting_capital{${chosen}}`,
    ),
    opens(
      lines(
        {
          title: 'Drawdown',
          description: 'Fall of the balance from its high, now.',
          empty: 'No bots in steward.yml, or freqtrade is older than API 2.45',
        },
        [{ expr: `freqtrade_drawdown_current_ratio{${chosen}}`, legend: '{{instance}}' }],
        { unit: 'percentunit', limit: thresholds.botDrawdownRatio },
      ),
      pages.bot,
    ),
    ratio(
      'Profit of today',
      'Profit since midnight UTC, as a share of the balance then.',
      `freqtrade_daily_profit_ratio{${chosen}, day="today"}`,
    ),
    ratio(
      'Profit of all trades',
      'Profit of closed and open trades, as a share of the starting balance. No line while a pair has no rate.',
      `freqtrade_profit_all_ratio{${chosen}}`,
    ),
  ];
}
