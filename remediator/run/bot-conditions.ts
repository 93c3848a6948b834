import type { BotCondition } from '../actions/action.ts';
import type { ActingBot } from '../bots/freqtrade-bot.ts';
import { messageOf } from '../message-of.ts';
import { actionOf } from './plan-queries.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { Plan, Reason } from './run.ts';

/** An API that hangs holds nothing up for longer. */
const TIMEOUT_MS = 15_000;

/** Why a bot is not as an action needs it before anything is begun. */
interface Unfit {
  readonly reason: Reason;
  readonly detail: string;
}

/** Asks the bot whether it is as the action of a plan needs it; undefined where it is, or where the action needs nothing. */
export async function whatBotLacks(plan: Plan, dependencies: RunDependencies): Promise<Unfit | undefined> {
  const needs = actionOf(plan, dependencies.inventory())?.needs;
  if (needs === undefined) return undefined;
  try {
    const state = await askBot(plan, dependencies, (bot, signal) => bot.state(signal));
    if (needs === 'bot-answers' || state === 'trades') return undefined;
    return { reason: 'bot_not_trading', detail: `its state: ${state}` };
  } catch (error) {
    return { reason: 'bot_unreachable', detail: messageOf(error) };
  }
}

/** Whether what is waited for is so, and what the bot said of it. */
export interface Seen {
  readonly isMet: boolean;
  readonly says: string;
  /** Why it is not so, where that is another reason than the one that the wait gives. */
  readonly reason?: Reason;
}

/** Looks whether what is waited for has come. An answer that cannot be had or read is none: it never reads as "no trade is open". */
export async function seeBot(
  condition: BotCondition,
  plan: Plan,
  dependencies: RunDependencies,
): Promise<Seen> {
  try {
    return await askBot(plan, dependencies, (bot, signal) => looks[condition](bot, signal));
  } catch (error) {
    dependencies.signal.throwIfAborted();
    const isUnknown = condition === 'is-flat' && { reason: 'bot_unreachable' as const };
    return { isMet: false, says: messageOf(error), ...isUnknown };
  }
}

const looks: Readonly<Record<BotCondition, (bot: ActingBot, signal: AbortSignal) => Promise<Seen>>> = {
  async 'is-flat'(bot, signal) {
    const open = await bot.openTrades(signal);
    const state = await bot.state(signal);
    // What somebody else has told it meanwhile is their decision.
    if (state !== 'opens_none')
      return { isMet: false, says: `its state: ${state}`, reason: 'bot_not_trading' };
    return { isMet: open === 0, says: `open trades: ${open}` };
  },
  async 'is-ready'(bot, signal) {
    const state = await bot.state(signal);
    return { isMet: state !== 'starts', says: `its state: ${state}` };
  },
};

function askBot<Answer>(
  { target }: Plan,
  { botOf, signal }: RunDependencies,
  ask: (bot: ActingBot, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  return ask(botOf(target), AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
}
