import { z } from 'zod';
import type { FreqtradeClient } from '../../../apis/freqtrade-client.ts';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import { CollectorError } from '../../collector-error.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

const up = gauge('freqtrade_up', 'Whether the API of the bot answers and takes the login, 0 or 1.');
const authOk = gauge(
  'freqtrade_auth_ok',
  'Whether the API takes user and password, 0 or 1. No series where it does not answer.',
);
const info = gauge('freqtrade_info', 'What runs; always 1.', [
  'version',
  'api_version',
  'bot_name',
  'strategy',
  'exchange',
  'trading_mode',
  'margin_mode',
  'timeframe',
  'runmode',
  'stake_currency',
]);
const stateMetric = gauge('freqtrade_state', 'Whether the bot is in this state, 0 or 1.', ['state']);
const dryRun = gauge('freqtrade_dry_run', 'Whether the bot only simulates trades, 0 or 1.');
const timeframe = gauge('freqtrade_timeframe_seconds', 'Length of a candle of the strategy, in seconds.');
const lastProcess = gauge(
  'freqtrade_last_process_timestamp_seconds',
  'When the loop of the bot last ended, in seconds since the epoch. No series before the first time.',
);
const started = gauge(
  'freqtrade_bot_start_timestamp_seconds',
  'When the bot was started, in seconds since the epoch.',
);

const ready = gauge(
  'freqtrade_bot_startup_timestamp_seconds',
  'When the bot had started and began its first loop, in seconds since the epoch. No series where the bot does not say it.',
);
const maxTrades = gauge(
  'freqtrade_max_open_trades',
  'Trades that may be open at once. No series where there is no limit.',
);
const requestDuration = gauge(
  'freqtrade_api_request_duration_seconds',
  'How long the last request of an endpoint took, in seconds; one that failed counts too.',
  ['endpoint'],
);

const STATES = ['running', 'paused', 'stopped', 'reload_config'] as const;
const text = labelText.nullish();

const configShape = z.object({
  version: labelText,
  api_version: z.number().nullish(),
  bot_name: text,
  margin_mode: text,
  max_open_trades: z.number().nullish(),
  strategy: text,
  exchange: labelText,
  trading_mode: text,
  timeframe: text,
  timeframe_ms: z.number().nullish(),
  runmode: labelText,
  stake_currency: labelText,
  dry_run: z.boolean(),
  state: z.string(),
});
const healthShape = z.object({
  last_process_ts: z.number().nullish(),
  bot_start_ts: z.number().nullish(),
  bot_startup_ts: z.number().nullish(),
});

/** Whether the bot lives, and what it is. */
export function createStateCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  return {
    name: 'freqtrade',
    metrics: [
      up,
      authOk,
      info,
      stateMetric,
      dryRun,
      timeframe,
      lastProcess,
      started,
      ready,
      maxTrades,
      requestDuration,
    ],
    async collect(target, signal) {
      const client = clientOf(target);
      if (!(await answersPing(client, signal))) return [sample(up, 0)];
      try {
        const config = await client.get('show_config', configShape, signal);
        const health = await client.get('health', healthShape, signal);
        return [
          ...[sample(up, 1), sample(authOk, 1), ...configSamples(config), ...healthSamples(health)],
          ...[...client.durations()].map(([endpoint, seconds]) =>
            sample(requestDuration, seconds, { endpoint }),
          ),
        ];
      } catch (error) {
        return downSamples(error);
      }
    },
  };
}

/** What stands before a bot that is dead may answer in its place, with an error or a page. */
async function answersPing(client: FreqtradeClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.ping(signal);
    return true;
  } catch (error) {
    if (error instanceof CollectorError && error.reason !== 'login') return false;
    throw error;
  }
}

/** That a bot is down is an answer. What comes from a bot that lives and says something odd is none. */
function downSamples(error: unknown): Sample[] {
  const reason = error instanceof CollectorError ? error.reason : undefined;
  if (reason === 'login') return [sample(up, 0), sample(authOk, 0)];
  if (reason === 'unreachable' || reason === 'timeout') return [sample(up, 0)];
  throw error;
}

function configSamples(config: z.output<typeof configShape>): Sample[] {
  const { version, api_version, exchange, runmode, stake_currency, max_open_trades } = config;
  const labels = {
    version,
    exchange,
    runmode,
    stake_currency,
    api_version: String(api_version ?? ''),
    bot_name: config.bot_name ?? '',
    strategy: config.strategy ?? '',
    trading_mode: config.trading_mode ?? '',
    margin_mode: config.margin_mode ?? '',
    timeframe: config.timeframe ?? '',
  };
  return [
    sample(info, 1, labels),
    ...STATES.map((state) => sample(stateMetric, config.state === state ? 1 : 0, { state })),
    sample(dryRun, config.dry_run ? 1 : 0),
    // -1 and null, which was infinity, are no limit.
    ...(typeof max_open_trades === 'number' && max_open_trades >= 0
      ? [sample(maxTrades, max_open_trades)]
      : []),
    ...(config.timeframe_ms ? [sample(timeframe, config.timeframe_ms / 1000)] : []),
  ];
}

/** These are seconds; nearly all other times of the API are milliseconds. */
function healthSamples({
  last_process_ts,
  bot_start_ts,
  bot_startup_ts,
}: z.output<typeof healthShape>): Sample[] {
  return [
    ...(last_process_ts ? [sample(lastProcess, last_process_ts)] : []),
    ...(bot_start_ts ? [sample(started, bot_start_ts)] : []),
    ...(bot_startup_ts ? [sample(ready, bot_startup_ts)] : []),
  ];
}
