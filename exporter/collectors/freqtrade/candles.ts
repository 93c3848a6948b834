import { z } from 'zod';
import type { FreqtradeClient } from '../../../apis/freqtrade-client.ts';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import { CollectorError } from '../../collector-error.ts';
import { NoDataError, type Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

/** Each is a request of its own. */
const PAIR_LIMIT = 10;
const PAIRS = `Pairs of open trades first, then those of the whitelist, ${PAIR_LIMIT} at the most.`;

const newest = gauge(
  'freqtrade_candle_last_timestamp_seconds',
  `When the newest candle that the bot has analysed began, in seconds since the epoch. ${PAIRS}`,
  ['pair', 'timeframe'],
);
const analyzed = gauge(
  'freqtrade_pair_last_analyzed_timestamp_seconds',
  `When the bot last analysed the candles of the pair, in seconds since the epoch. ${PAIRS}`,
  ['pair', 'timeframe'],
);
const missing = gauge(
  'freqtrade_pairs_without_candles',
  `Pairs that were asked for and have no analysed candle. ${PAIRS}`,
);

const configShape = z.object({ timeframe: labelText.nullish() });
const tradesShape = z.array(z.object({ pair: labelText }));
const whitelistShape = z.object({ whitelist: z.array(labelText) });
const candlesShape = z.object({
  data_stop_ts: z.number().nullish(),
  last_analyzed_ts: z.number().nullish(),
});
type Candles = z.output<typeof candlesShape>;

/** How fresh the candles are that the bot decides by. */
export function createCandlesCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [newest, analyzed, missing];
  return {
    name: 'freqtrade_candles',
    metrics,
    background: {
      intervalMs: 60_000,
      metrics,
      read: (target, signal) => readCandles(clientOf(target), signal),
    },
  };
}

async function readCandles(client: FreqtradeClient, signal: AbortSignal): Promise<Sample[]> {
  const { timeframe } = await client.get('show_config', configShape, signal);
  if (!timeframe) throw new NoDataError('the bot has no timeframe: it does not trade');
  const samples: Sample[] = [];
  let without = 0;
  // One after the other: the bot answers in the process that trades.
  for (const pair of await pairsInUse(client, signal)) {
    const candles = await candlesOf(client, pair, timeframe, signal);
    if (candles?.data_stop_ts) samples.push(...pairSamples(candles, { pair, timeframe }));
    else without += 1;
  }
  return [...samples, sample(missing, without)];
}

async function pairsInUse(client: FreqtradeClient, signal: AbortSignal): Promise<string[]> {
  const open = await client.get('status', tradesShape, signal);
  const { whitelist } = await client.get('whitelist', whitelistShape, signal);
  return [...new Set([...open.map(({ pair }) => pair), ...whitelist])].slice(0, PAIR_LIMIT);
}

/** A pair that the bot has not analysed yet is refused, or has times of zero. */
async function candlesOf(
  client: FreqtradeClient,
  pair: string,
  timeframe: string,
  signal: AbortSignal,
): Promise<Candles | undefined> {
  const query = new URLSearchParams({ pair, timeframe, limit: '1' });
  try {
    return await client.get(`pair_candles?${query.toString()}`, candlesShape, signal);
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'refused') return undefined;
    throw error;
  }
}

/** The candle's time is in milliseconds, that of the analysis in seconds. */
function pairSamples(
  { data_stop_ts, last_analyzed_ts }: Candles,
  labels: { pair: string; timeframe: string },
): Sample[] {
  return [
    ...(data_stop_ts ? [sample(newest, data_stop_ts / 1000, labels)] : []),
    ...(last_analyzed_ts ? [sample(analyzed, last_analyzed_ts, labels)] : []),
  ];
}
