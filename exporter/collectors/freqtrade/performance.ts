import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

/** So many pairs are shown by themselves. */
const SHOWN = 20;
const PAIRS = `The ${SHOWN} pairs that won or lost most, the others as pair="other".`;

const profit = gauge(
  'freqtrade_pair_profit_abs',
  `Profit of the closed trades of a pair, in the stake currency. ${PAIRS}`,
  ['pair'],
);
const ratio = gauge(
  'freqtrade_pair_profit_ratio',
  `Profit of the closed trades of a pair as a ratio, as /performance says it. The ${SHOWN} pairs that won or lost most.`,
  ['pair'],
);
const trades = gauge('freqtrade_pair_trades', `Closed trades of a pair. ${PAIRS}`, ['pair']);

const pairShape = z.object({
  pair: labelText,
  profit_abs: z.number().nullish(),
  profit_ratio: z.number().nullish(),
  count: z.number(),
});
type Pair = z.output<typeof pairShape>;

/** What each pair has earned. freqtrade reads all trades for it, so it is asked for rarely. */
export function createPerformanceCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [profit, ratio, trades];
  return {
    name: 'freqtrade_performance',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      read: async (target, signal) =>
        performanceSamples(await clientOf(target).get('performance', z.array(pairShape), signal)),
    },
  };
}

function performanceSamples(pairs: readonly Pair[]): Sample[] {
  const sorted = pairs.toSorted(
    (one, other) => weightOf(other) - weightOf(one) || one.pair.localeCompare(other.pair),
  );
  const rest = sorted.slice(SHOWN);
  return [...sorted.slice(0, SHOWN).flatMap(pairSamples), ...(rest.length > 0 ? restSamples(rest) : [])];
}

function weightOf({ profit_abs }: Pair): number {
  return Math.abs(profit_abs ?? 0);
}

function pairSamples({ pair, profit_abs, profit_ratio, count }: Pair): Sample[] {
  return [
    sample(trades, count, { pair }),
    ...(typeof profit_abs === 'number' ? [sample(profit, profit_abs, { pair })] : []),
    ...(typeof profit_ratio === 'number' ? [sample(ratio, profit_ratio, { pair })] : []),
  ];
}

function restSamples(rest: readonly Pair[]): Sample[] {
  const sumOf = (of: (pair: Pair) => number) => rest.reduce((sum, pair) => sum + of(pair), 0);
  return [
    sample(
      trades,
      sumOf(({ count }) => count),
      { pair: 'other' },
    ),
    sample(
      profit,
      sumOf(({ profit_abs }) => profit_abs ?? 0),
      { pair: 'other' },
    ),
  ];
}
