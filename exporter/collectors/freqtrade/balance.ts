import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metric.ts';
import type { BotTarget } from '../../target.ts';

const equity = gauge(
  'freqtrade_equity_stake',
  'What all that the account holds is worth, in the stake currency.',
);
const botEquity = gauge(
  'freqtrade_equity_bot_stake',
  'What the part that the bot manages is worth, in the stake currency.',
);
const fiat = gauge(
  'freqtrade_equity_fiat',
  'What all that the account holds is worth, in the currency of display.',
  ['currency'],
);
const capital = gauge('freqtrade_starting_capital', 'What the bot began with, in the stake currency.');
const balance = gauge(
  'freqtrade_balance_stake',
  'What is held in a currency, valued in the stake currency: the largest holdings, the others as "other".',
  ['currency'],
);

const SHOWN = 20;

const balanceShape = z.object({
  currencies: z.array(
    z.object({ currency: z.string(), est_stake: z.number().nullish(), is_position: z.boolean().nullish() }),
  ),
  total: z.number(),
  total_bot: z.number().nullish(),
  value: z.number().nullish(),
  symbol: z.string(),
  starting_capital: z.number().nullish(),
});

/** What the bot's account holds. */
export function createBalanceCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [equity, botEquity, fiat, capital, balance];
  return {
    name: 'freqtrade_balance',
    metrics,
    background: {
      intervalMs: 3 * 60_000,
      metrics,
      read: async (target, signal) =>
        balanceSamples(await clientOf(target).get('balance', balanceShape, signal)),
    },
  };
}

function balanceSamples({
  currencies,
  total,
  total_bot,
  value,
  symbol,
  starting_capital,
}: z.output<typeof balanceShape>): Sample[] {
  return [
    sample(equity, total),
    ...(typeof total_bot === 'number' ? [sample(botEquity, total_bot)] : []),
    ...(typeof value === 'number' && symbol !== '' ? [sample(fiat, value, { currency: symbol })] : []),
    ...(typeof starting_capital === 'number' ? [sample(capital, starting_capital)] : []),
    ...holdings(currencies),
  ];
}

/** Positions of futures are rows of their own, whose worth is in the balance already. */
function holdings(currencies: z.output<typeof balanceShape>['currencies']): Sample[] {
  const worth = new Map<string, number>();
  for (const { currency, est_stake, is_position } of currencies) {
    if (is_position !== true) worth.set(currency, (worth.get(currency) ?? 0) + (est_stake ?? 0));
  }
  const sorted = [...worth].sort(([, one], [, other]) => other - one);
  const rest = sorted.slice(SHOWN).reduce((sum, [, stake]) => sum + stake, 0);
  return [
    ...sorted.slice(0, SHOWN).map(([currency, stake]) => sample(balance, stake, { currency })),
    ...(sorted.length > SHOWN ? [sample(balance, rest, { currency: 'other' })] : []),
  ];
}
