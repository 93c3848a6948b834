import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ApiError } from '../../apis/api-error.ts';
import type { FreqtradeControl } from '../../apis/freqtrade-client.ts';
import type { BotCall } from '../actions/action.ts';

/** Whether a bot opens trades, only looks after those it has, does neither, or is about to begin anew. */
export type BotState = 'trades' | 'opens_none' | 'stopped' | 'starts';

/** A bot that can be told something. What rejects here, rejects with an ApiError. */
export interface ActingBot {
  state(signal: AbortSignal): Promise<BotState>;
  /** How many of its trades are open. */
  openTrades(signal: AbortSignal): Promise<number>;
  /** Tells the bot something, and resolves once it says itself that it is so. */
  tell(call: BotCall, signal: AbortSignal): Promise<void>;
}

const configShape = z.object({
  state: z.enum(['running', 'paused', 'stopped', 'reload_config']),
  max_open_trades: z.number().nullish(),
});
const tradesShape = z.array(z.object({ trade_id: z.number() }));
const saidShape = z.object({ status: z.string() });

const LOOK_MS = 500;

/**
 * A freqtrade bot, as https://www.freqtrade.io/en/stable/rest-api/ and its source describe it. `stopbuy` has it open no trades: newer versions are
 * then `paused` until `start`, while older ones stay `running` with room for no trade until they read their configuration again.
 */
export function createFreqtradeBot(api: FreqtradeControl): ActingBot {
  async function state(signal: AbortSignal): Promise<BotState> {
    const { state: said, max_open_trades: room } = await api.get('show_config', configShape, signal);
    if (said === 'running') return room === 0 ? 'opens_none' : 'trades';
    if (said === 'paused') return 'opens_none';
    return said === 'stopped' ? 'stopped' : 'starts';
  }

  async function stopEntries(signal: AbortSignal): Promise<void> {
    // One that is stopped would be started by this.
    const before = await state(signal);
    if (before === 'opens_none') return;
    if (before !== 'trades') throw new ApiError('refused', `it does not trade: it is ${before}`);
    await api.post('stopbuy', saidShape, signal);
    if ((await state(signal)) !== 'opens_none')
      throw new ApiError('bad_answer', 'stopbuy: it still says that it opens trades');
  }

  /** One that is stopped is only started where that is asked for, or where it came so out of its configuration. */
  async function trade(mayStart: boolean, signal: AbortSignal): Promise<void> {
    let isReloaded = false;
    for (;;) {
      const { state: said, max_open_trades: room } = await api.get('show_config', configShape, signal);
      if (said === 'running' && room !== 0) return;
      if (said === 'stopped' && !mayStart && !isReloaded) return;
      if (said === 'running') {
        await api.post('reload_config', saidShape, signal);
        isReloaded = true;
      } else if (said !== 'reload_config') await api.post('start', saidShape, signal);
      await delay(LOOK_MS, undefined, { signal }).catch((cause: unknown) => {
        throw new ApiError('timeout', 'it has not said in time that it trades', { cause });
      });
    }
  }

  const calls: Readonly<Record<BotCall, (signal: AbortSignal) => Promise<unknown>>> = {
    'stop-entries': stopEntries,
    'resume-entries': (signal) => trade(false, signal),
    start: (signal) => trade(true, signal),
    reload: (signal) => api.post('reload_config', saidShape, signal),
  };
  return {
    state,
    openTrades: async (signal) => (await api.get('status', tradesShape, signal)).length,
    async tell(call, signal) {
      await calls[call](signal);
    },
  };
}
