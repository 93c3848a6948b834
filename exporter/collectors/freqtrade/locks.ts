import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

/** The locks that last longest are shown by pair. */
const SHOWN = 20;

const locks = gauge('freqtrade_locks', 'Pairs that are locked now, the lock of all pairs as one.');
const end = gauge(
  'freqtrade_lock_end_timestamp_seconds',
  `When the last lock of a pair ends, in seconds since the epoch; pair="*" is all pairs. The ${SHOWN} that last longest.`,
  ['pair', 'side'],
);

const locksShape = z.object({
  lock_count: z.number().nonnegative(),
  locks: z.array(
    z.object({
      pair: labelText,
      side: labelText.nullish(),
      active: z.boolean().nullish(),
      lock_end_timestamp: z.number().nullish(),
    }),
  ),
});
type Lock = z.output<typeof locksShape>['locks'][number];

/** What the bot has locked. */
export function createLocksCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [locks, end];
  return {
    name: 'freqtrade_locks',
    metrics,
    background: {
      intervalMs: 5 * 60_000,
      metrics,
      async read(target, signal) {
        const answer = await clientOf(target).get('locks', locksShape, signal);
        return [sample(locks, answer.lock_count), ...endSamples(answer.locks)];
      },
    },
  };
}

/** A pair may be locked several times: what counts is when the last one ends. */
function endSamples(all: readonly Lock[]): Sample[] {
  const last = new Map<string, { readonly pair: string; readonly side: string; readonly ms: number }>();
  for (const { pair, side: of, active, lock_end_timestamp: ms } of all) {
    const side = of ?? '*';
    const key = JSON.stringify([pair, side]);
    if (active !== false && ms && ms > (last.get(key)?.ms ?? 0)) last.set(key, { pair, side, ms });
  }
  return [...last.values()]
    .sort((one, other) => other.ms - one.ms)
    .slice(0, SHOWN)
    .map(({ pair, side, ms }) => sample(end, ms / 1000, { pair, side }));
}
