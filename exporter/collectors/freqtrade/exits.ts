import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metric.ts';
import type { BotTarget } from '../../target.ts';

const exits = gauge(
  'freqtrade_exit_trades',
  'Closed trades by why they were closed and how they ended; reasons that a strategy made up are "other".',
  ['exit_reason', 'result'],
);
const duration = gauge(
  'freqtrade_trade_duration_seconds',
  'How long closed trades were open on average, in seconds. No series where there is none.',
  ['result'],
);
/** The reasons of freqtrade itself (freqtrade/enums/exittype.py), and what it writes where it closed nothing itself. */
const REASONS = [
  'roi',
  'stop_loss',
  'stoploss_on_exchange',
  'trailing_stop_loss',
  'liquidation',
  'exit_signal',
  'force_exit',
  'emergency_exit',
  'custom_exit',
  'partial_exit',
  'sold_on_exchange',
  'other',
] as const;
const RESULTS = ['wins', 'losses', 'draws'] as const;

const count = z.number().nonnegative();
const statsShape = z.object({
  exit_reasons: z.record(z.string(), z.object({ wins: count, losses: count, draws: count })),
  durations: z.object({
    wins: z.number().nullish(),
    draws: z.number().nullish(),
    losses: z.number().nullish(),
  }),
});

/** How trades ended. */
export function createExitsCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [exits, duration];
  return {
    name: 'freqtrade_exits',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      read: async (target, signal) => exitSamples(await clientOf(target).get('stats', statsShape, signal)),
    },
  };
}

function exitSamples({ exit_reasons, durations }: z.output<typeof statsShape>): Sample[] {
  const sums = new Map(REASONS.map((reason) => [reason as string, { wins: 0, losses: 0, draws: 0 }]));
  for (const [reason, counts] of Object.entries(exit_reasons)) {
    const sum = sums.get(reason) ?? sums.get('other');
    for (const result of RESULTS) if (sum !== undefined) sum[result] += counts[result];
  }
  return [
    ...[...sums].flatMap(([exit_reason, sum]) =>
      RESULTS.map((result) => sample(exits, sum[result], { exit_reason, result })),
    ),
    ...RESULTS.flatMap((result) => {
      const seconds = durations[result];
      return typeof seconds === 'number' ? [sample(duration, seconds, { result })] : [];
    }),
  ];
}
