import { z } from 'zod';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { labelText } from '../../bots/label-text.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { BotTarget } from '../../targets/target.ts';

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

const amount = gauge(
  'freqtrade_balance',
  'What is held of a currency, in that currency: the largest holdings by their worth.',
  ['currency'],
);
const botBalance = gauge(
  'freqtrade_balance_bot_stake',
  'What the bot manages of a currency, valued in the stake currency: the largest holdings, the others as "other".',
  ['currency'],
);

const SHOWN = 20;

const balanceShape = z.object({
  currencies: z.array(
    z.object({
      currency: labelText,
      balance: z.number().nullish(),
      est_stake: z.number().nullish(),
      est_stake_bot: z.number().nullish(),
      is_position: z.boolean().nullish(),
    }),
  ),
  total: z.number(),
  total_bot: z.number().nullish(),
  value: z.number().nullish(),
  symbol: labelText,
  starting_capital: z.number().nullish(),
});

/** What the bot's account holds. */
export function createBalanceCollector(clientOf: FreqtradeClientOf): Collector<BotTarget> {
  const metrics = [equity, botEquity, fiat, capital, balance, amount, botBalance];
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

interface Holding {
  readonly amount: number;
  readonly stake: number;
  readonly botStake: number;
}

const nothing: Holding = { amount: 0, stake: 0, botStake: 0 };

function sumOf(one: Holding, other: Holding): Holding {
  return {
    amount: one.amount + other.amount,
    stake: one.stake + other.stake,
    botStake: one.botStake + other.botStake,
  };
}

/** Positions of futures are rows of their own, whose worth is in the balance already. */
function holdings(rows: z.output<typeof balanceShape>['currencies']): Sample[] {
  const byCurrency = new Map<string, Holding>();
  for (const row of rows.filter(({ is_position }) => is_position !== true)) {
    const holding = {
      amount: row.balance ?? 0,
      stake: row.est_stake ?? 0,
      botStake: row.est_stake_bot ?? 0,
    };
    byCurrency.set(row.currency, sumOf(byCurrency.get(row.currency) ?? nothing, holding));
  }
  const sorted = [...byCurrency].sort(([, one], [, other]) => other.stake - one.stake);
  const rest = sorted.slice(SHOWN).map(([, holding]) => holding);
  return [
    ...sorted
      .slice(0, SHOWN)
      .flatMap(([currency, holding]) => [
        sample(amount, holding.amount, { currency }),
        ...worthSamples(currency, holding),
      ]),
    ...(rest.length > 0 ? worthSamples('other', rest.reduce(sumOf)) : []),
  ];
}

function worthSamples(currency: string, { stake, botStake }: Holding): Sample[] {
  return [sample(balance, stake, { currency }), sample(botBalance, botStake, { currency })];
}
