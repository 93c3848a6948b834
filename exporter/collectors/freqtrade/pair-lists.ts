import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

const whitelist = gauge('freqtrade_whitelist_pairs', 'Pairs that the bot may trade now.');
const blacklist = gauge(
  'freqtrade_blacklist_pairs',
  'Entries of the list of pairs that the bot never trades; one may be a pattern for many.',
);

const listShape = z.object({ length: z.number().nonnegative() });

/** How many pairs the bot may trade, and how many never. */
export function createPairListsCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [whitelist, blacklist];
  return {
    name: 'freqtrade_pair_lists',
    metrics,
    background: {
      intervalMs: 15 * 60_000,
      metrics,
      async read(target, signal) {
        const client = clientOf(target);
        const allowed = await client.get('whitelist', listShape, signal);
        const refused = await client.get('blacklist', listShape, signal);
        return [sample(whitelist, allowed.length), sample(blacklist, refused.length)];
      },
    },
  };
}
