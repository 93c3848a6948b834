import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { counter, gauge, sample, type Sample } from '../../metrics/metric.ts';
import { createKeptValues } from '../../state/kept-values.ts';
import { openStateFile } from '../../state/state-file.ts';
import type { BotTarget } from '../../targets/target.ts';

const exits = gauge(
  'freqtrade_exit_trades',
  'Closed trades by why they were closed and how they ended; reasons that a strategy made up are "other".',
  ['exit_reason', 'result'],
);
const observed = counter(
  'freqtrade_exits_observed_total',
  'Trades that were closed since the bot was first watched, by why; one that is deleted takes nothing away. Counted over restarts.',
  ['exit_reason'],
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

type Stats = z.output<typeof statsShape>;
type Sums = ReadonlyMap<string, Readonly<Record<(typeof RESULTS)[number], number>>>;

/** How many trades freqtrade named the last time, and how many were counted, by reason. */
const observedSchema = z.strictObject({
  seen: z.record(z.string(), count),
  counted: z.record(z.string(), count),
});
type Observed = z.output<typeof observedSchema>;

/** How trades ended. */
export function createExitsCollector(
  clientOf: FreqtradeClientOf,
  stateFolder: () => string,
): Collector<BotTarget> {
  const metrics = [exits, observed, duration];
  const kept = createKeptValues((id) => openStateFile(stateFolder(), `exits-${id}.json`, observedSchema));
  return {
    name: 'freqtrade_exits',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      async read(target, signal) {
        let samples: Sample[] = [];
        const { counted } = await kept.update(target.id, async (before) => {
          const stats = await clientOf(target).get('stats', statsShape, signal);
          const sums = sumsOf(stats);
          samples = exitSamples(sums, stats);
          return observe(before, sums);
        });
        return [
          ...samples,
          ...REASONS.map((exit_reason) => sample(observed, counted[exit_reason] ?? 0, { exit_reason })),
        ];
      },
    },
  };
}

/** Sums by reason and result; reasons that a strategy made up are one. */
function sumsOf({ exit_reasons }: Stats): Sums {
  const sums = new Map(REASONS.map((reason) => [reason as string, { wins: 0, losses: 0, draws: 0 }]));
  for (const [reason, counts] of Object.entries(exit_reasons)) {
    const sum = sums.get(reason) ?? sums.get('other');
    for (const result of RESULTS) if (sum !== undefined) sum[result] += counts[result];
  }
  return sums;
}

/** What is more than it was has been closed since; what is less was deleted. */
function observe(before: Observed | undefined, sums: Sums): Observed {
  const next: Observed = { seen: {}, counted: {} };
  for (const [reason, { wins, losses, draws }] of sums) {
    const seen = wins + losses + draws;
    const added = before === undefined ? 0 : Math.max(0, seen - (before.seen[reason] ?? 0));
    next.seen[reason] = seen;
    next.counted[reason] = (before?.counted[reason] ?? 0) + added;
  }
  return next;
}

function exitSamples(sums: Sums, { durations }: Stats): Sample[] {
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
