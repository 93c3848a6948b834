import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

const DAYS = 'day="today" has gone on since midnight UTC, day="yesterday" is over.';

const profit = gauge('freqtrade_daily_profit_abs', `Profit of a day, in the stake currency. ${DAYS}`, [
  'day',
]);
const ratio = gauge(
  'freqtrade_daily_profit_ratio',
  `Profit of a day, as a ratio of the balance that it began with. ${DAYS}`,
  ['day'],
);
const trades = gauge('freqtrade_daily_trades', `Trades that were closed on a day. ${DAYS}`, ['day']);
const start = gauge(
  'freqtrade_daily_start_timestamp_seconds',
  'When the day began that the daily metrics speak of, in seconds since the epoch: after midnight it is the day before until they are read again.',
  ['day'],
);

/** The newest is first. */
const NAMES = ['today', 'yesterday'] as const;

const dailyShape = z.object({
  data: z.array(
    z.object({
      date: z.iso.date(),
      abs_profit: z.number().nullish(),
      rel_profit: z.number().nullish(),
      trade_count: z.number(),
    }),
  ),
});
type Day = z.output<typeof dailyShape>['data'][number];

/** What the bot has earned today and yesterday. freqtrade asks its database once for each day. */
export function createDailyCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [profit, ratio, trades, start];
  return {
    name: 'freqtrade_daily',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      async read(target, signal) {
        const { data } = await clientOf(target).get(`daily?timescale=${NAMES.length}`, dailyShape, signal);
        return NAMES.flatMap((day, index) => (data[index] === undefined ? [] : daySamples(day, data[index])));
      },
    },
  };
}

function daySamples(day: string, { date, abs_profit, rel_profit, trade_count }: Day): Sample[] {
  return [
    sample(start, Date.parse(date) / 1000, { day }),
    sample(trades, trade_count, { day }),
    ...(typeof abs_profit === 'number' ? [sample(profit, abs_profit, { day })] : []),
    ...(typeof rel_profit === 'number' ? [sample(ratio, rel_profit, { day })] : []),
  ];
}
