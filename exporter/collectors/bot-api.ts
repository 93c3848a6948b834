import type { BotRequest, BotValueName } from '../../inventory/schema/bot-api.ts';
import { askBotApi, readBotValue } from '../bots/bot-api.ts';
import { CollectorError } from '../collector-error.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { failureOf } from '../failure.ts';
import { gauge, sample, type MetricDescriptor, type Sample } from '../metrics/metric.ts';
import type { BotTarget } from '../targets/target.ts';

const OF_KIND = 'Of bots of the kind http_json.';

const up = gauge(
  'trading_bot_up',
  `Whether the API answered to all that it was last asked, 0 or 1. ${OF_KIND}`,
);
const authOk = gauge(
  'trading_bot_auth_ok',
  `Whether the API took the login, 0 or 1. No series where it does not answer. ${OF_KIND}`,
);

const withCurrency = ['currency'] as const;
const values: Readonly<Record<BotValueName, MetricDescriptor<'currency'> | MetricDescriptor<never>>> = {
  running: gauge('trading_bot_running', `Whether the bot trades, 0 or 1. ${OF_KIND}`),
  last_loop: gauge(
    'trading_bot_last_loop_timestamp_seconds',
    `When the loop of the bot last ran, in seconds since the epoch. ${OF_KIND}`,
  ),
  open_positions: gauge('trading_bot_open_positions', `Open positions or trades. ${OF_KIND}`),
  trades: gauge('trading_bot_trades', `Trades so far. ${OF_KIND}`),
  equity: gauge('trading_bot_equity', `What all that the bot has is worth. ${OF_KIND}`, withCurrency),
  profit_realized: gauge('trading_bot_profit_realized', `Profit of what is closed. ${OF_KIND}`, withCurrency),
  profit_unrealized: gauge(
    'trading_bot_profit_unrealized',
    `Profit of what is open. ${OF_KIND}`,
    withCurrency,
  ),
  drawdown: gauge('trading_bot_drawdown_ratio', `How far the bot is below its best, from 0 to 1. ${OF_KIND}`),
  errors: gauge(
    'trading_bot_errors',
    `Errors so far, or that the bot shows now, as steward.yml reads it. ${OF_KIND}`,
  ),
};

/** What a request gave when it was last made. */
interface Answer {
  readonly askedAtMs: number;
  readonly samples: readonly Sample[];
  readonly failure: CollectorError | undefined;
}

/** Reads bots whose API steward.yml describes. A request is made again when its time has come; what it gave is shown in between. */
export function createBotApiCollector(now: () => number): Collector<BotTarget> {
  const answers = new Map<string, Answer>();

  async function answerTo(target: BotTarget, request: BotRequest, signal: AbortSignal): Promise<Answer> {
    const key = JSON.stringify([target.id, target.entry.url, target.entry.currency, request]);
    const before = answers.get(key);
    if (before !== undefined && before.failure === undefined && now() - before.askedAtMs < request.every)
      return before;
    const answer = await ask(target, request, signal, now());
    answers.set(key, answer);
    return answer;
  }

  return {
    name: 'bot_api',
    metrics: [up, authOk, ...Object.values(values)],
    async collect(target, signal) {
      const { kind, requests = [] } = target.entry;
      if (kind !== 'http_json') throw new NoDataError('the bot is of another kind');
      const given = await Promise.all(requests.map((request) => answerTo(target, request, signal)));
      const failures = given.flatMap(({ failure }) => failure ?? []);
      const samples = [...stateSamples(failures), ...given.flatMap((answer) => answer.samples)];
      const [first] = failures;
      if (first === undefined) return samples;
      throw new CollectorError(first.reason, first.message, { samples, cause: first });
    },
  };
}

/** An answer that is there, but is not what it should be, leaves the bot up. */
function stateSamples(failures: readonly CollectorError[]): Sample[] {
  const isReached = failures.every(({ reason }) => reason === 'bad_answer' || reason === 'login');
  const isTaken = failures.every(({ reason }) => reason !== 'login');
  return [sample(up, Number(isReached && isTaken)), ...(isReached ? [sample(authOk, Number(isTaken))] : [])];
}

async function ask(
  target: BotTarget,
  request: BotRequest,
  signal: AbortSignal,
  askedAtMs: number,
): Promise<Answer> {
  try {
    const answer = await askBotApi(target, request, signal);
    return { askedAtMs, ...samplesOf(answer, request, target.entry.currency ?? '') };
  } catch (error) {
    return { askedAtMs, samples: [], failure: asCollectorError(error) };
  }
}

/** A value that cannot be read costs itself alone. */
function samplesOf(
  answer: unknown,
  { values: wanted }: BotRequest,
  currency: string,
): Omit<Answer, 'askedAtMs'> {
  const samples: Sample[] = [];
  let failure: CollectorError | undefined;
  for (const [name, value] of Object.entries(wanted) as [
    BotValueName,
    BotRequest['values'][BotValueName],
  ][]) {
    if (value === undefined) continue;
    const metric = values[name];
    try {
      const labels: Readonly<Record<string, string>> = metric.labels.length === 0 ? {} : { currency };
      samples.push({ metric, labels, value: readBotValue(answer, name, value) });
    } catch (error) {
      failure ??= asCollectorError(error);
    }
  }
  return { samples, failure };
}

function asCollectorError(error: unknown): CollectorError {
  if (error instanceof CollectorError) return error;
  const { reason, message } = failureOf(error);
  return new CollectorError(reason, message, { cause: error });
}
