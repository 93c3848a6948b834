import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { documentedAnswers, message } from '../../../lab/bot/freqtrade-answers.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

const documented = (path: string) =>
  documentedAnswers.find(([name]) => name === path)?.[1] as Record<string, unknown>;

/** Has the bot write these messages a moment ago. */
async function write(stage: Stage, texts: readonly string[], logger = 'worker', level = 'ERROR') {
  const { answers } = stage.lab.bot;
  const { logs } = answers.get('logs') as { logs: readonly unknown[] };
  const now = Date.now();
  const all = [...logs, ...texts.map((text, at) => message(now + at, logger, level, text))];
  answers.set('logs', { log_count: all.length, logs: all });
  await stage.readAgain('trend', 'freqtrade_messages');
}

/** Bots that were not well before Steward came. */
export const strangeBots: readonly AlertFault[] = [
  {
    description: "the newest candle that the bots' documented answers have is days old",
    alerts: ['BotCandlesStale'],
    inject: () => undefined,
  },
  {
    description: 'a bot has another password than steward.yml',
    alerts: ['BotLoginRefused'],
    inject: () => undefined,
  },
];

/** What freqtrade tells of itself that is not well, as its documented answers would have it. */
export const bots: readonly AlertFault[] = [
  {
    description: 'a bot has ended',
    alerts: ['BotDown'],
    inject: ({ bots: { gone } }) => gone.stop(),
  },
  {
    description: 'a bot lost three tenths of what it had at best',
    alerts: ['BotDrawdown'],
    async inject(stage) {
      const profit = { ...documented('profit'), current_drawdown: 0.3, current_drawdown_abs: 3 };
      stage.lab.bot.answers.set('profit', profit);
      await stage.readAgain('trend', 'freqtrade_profit');
    },
  },
  {
    description: 'three trades end at their stop-loss',
    alerts: ['BotStopLossBurst'],
    async inject(stage) {
      await stage.shown('freqtrade_exits_observed_total and freqtrade_exits_observed_total offset 2s');
      const exits = { ...(documented('stats')['exit_reasons'] as object) };
      stage.lab.bot.answers.set('stats', {
        ...documented('stats'),
        exit_reasons: { ...exits, stop_loss: { wins: 0, losses: 5, draws: 0 } },
      });
      await stage.readAgain('trend', 'freqtrade_exits');
    },
  },
  {
    description: 'the exchange takes no stop-loss',
    alerts: ['BotStopLossNotPlaced'],
    inject: (stage) =>
      write(stage, ['Unable to place a stoploss order on exchange. binance'], 'freqtradebot'),
  },
  {
    description: 'the exchange does not answer',
    alerts: ['BotExchangeErrors'],
    inject: (stage) =>
      write(
        stage,
        Array(7).fill('fetch_ticker() returned exception: "binance GET". Giving up.'),
        'exchange.common',
      ),
  },
  {
    description: 'the exchange is asked too often',
    alerts: ['BotRateLimited'],
    inject: (stage) =>
      write(stage, Array(30).fill('Applying DDosProtection backoff delay: 1.0'), 'exchange.common', 'INFO'),
  },
  {
    description: 'a bot begins anew again and again',
    alerts: ['BotRestarts'],
    async inject(stage) {
      for (let restarts = 1; restarts <= 3; restarts += 1) {
        stage.lab.bot.restart();
        await stage.shown(
          `changes(freqtrade_bot_start_timestamp_seconds{instance="trend"}[1h]) >= ${restarts}`,
        );
      }
    },
  },
  {
    description: 'a bot stops itself after an error, with two trades open',
    alerts: ['BotStoppedItself', 'BotStoppedWithTrades', 'BotNotTrading'],
    async inject(stage) {
      await write(stage, ['OperationalException. Stopping trader ...']);
      stage.lab.bot.answers.set('show_config', { ...documented('show_config'), state: 'stopped' });
    },
  },
  {
    description: "a bot's loop stands still",
    alerts: ['BotStalled'],
    inject: ({ parts }) => parts.stallBot(),
  },
  {
    description: 'a bot that is no freqtrade counts six more errors',
    alerts: ['BotErrors'],
    inject({ lab: { bot } }) {
      bot.grid['errors'] = 7;
    },
  },
  {
    description: 'a bot answers what no bot should',
    alerts: ['CollectorFailing'],
    inject: ({ bots: { candles } }) => candles.answers.set('show_config', { version: 'of another kind' }),
  },
  {
    description: 'the log of a bot is a link to one',
    alerts: ['LogNotReadable'],
    async inject(stage) {
      await symlink(join(stage.lab.folder, 'nginx-error.log'), join(stage.lab.folder, 'grid.log'));
      await stage.readAgain('grid', 'logs');
    },
  },
  {
    description: "the exchange holds less of the coins than the bot's open trades are worth",
    alerts: ['BotTradesNotHeld'],
    async inject(stage) {
      const { answers } = stage.bots.spot;
      const balance = documented('balance');
      const currencies = (balance['currencies'] as { currency: string }[]).slice(0, 1);
      answers.set('show_config', { ...documented('show_config'), dry_run: false, runmode: 'live' });
      answers.set('balance', { ...balance, currencies });
      for (const collector of ['freqtrade', 'freqtrade_balance'])
        await stage.readAgain('spot', collector).catch(() => undefined);
    },
  },
];

/** What is other than a while ago. */
export const losses: readonly AlertFault[] = [
  {
    description: 'a fifth of what a bot had is gone',
    alerts: ['BotEquityDrop', 'AnomalyDetected'],
    of: { AnomalyDetected: { anomaly: 'equity', instance: 'grid' } },
    inject({ lab: { bot } }) {
      bot.grid['equity'] = '827.60';
    },
  },
];
