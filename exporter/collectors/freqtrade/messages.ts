import { z } from 'zod';
import { countMessages, botLogStateSchema, type BotLogState } from '../../bots/freqtrade-log-counts.ts';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { NoDataError, type Collector } from '../../collector.ts';
import { freqtradeKinds, freqtradeLevels } from '../../../logs/freqtrade-log.ts';
import { counter, sample, type Sample } from '../../metric.ts';
import { openStateFile } from '../../state/state-file.ts';
import type { BotTarget } from '../../target.ts';

const WHERE =
  'Read from /logs, and only where steward.yml names no log file of the bot: that file gives trading_bot_log_*. ' +
  'Counted since the bot was first watched, over restarts.';

const byLevel = counter('freqtrade_log_events_total', `Messages of the bot by level. ${WHERE}`, ['level']);
const byKind = counter(
  'freqtrade_log_messages_total',
  `Messages of the bot by what they are about. ${WHERE}`,
  ['kind'],
);

/** Time in local text, time in milliseconds, logger, level, message. */
const logsShape = z.object({
  logs: z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), z.string()])),
});

/** What the bot has written lately, where its log file is not read. It keeps 500 to 1000 messages in memory. */
export function createMessagesCollector(
  clientOf: FreqtradeClientOf,
  stateFolder: () => string,
): Collector<BotTarget> {
  const metrics = [byLevel, byKind];
  const known = new Map<string, BotLogState>();
  const underWay = new Map<string, Promise<unknown>>();

  async function readOn(target: BotTarget, signal: AbortSignal): Promise<BotLogState> {
    const file = openStateFile(stateFolder(), `messages-${target.id}.json`, botLogStateSchema);
    const before = known.get(target.id) ?? (await file.load());
    const { logs } = await clientOf(target).get('logs', logsShape, signal);
    const state = countMessages(
      before,
      logs.map(([, timeMs, , level, message]) => ({ timeMs, level, message })),
    );
    // Counts that are not saved would be counted again after a restart, so they are not shown either.
    if (JSON.stringify(state) !== JSON.stringify(before)) await file.save(state);
    known.set(target.id, state);
    return state;
  }

  return {
    name: 'freqtrade_messages',
    metrics,
    background: {
      intervalMs: 60_000,
      metrics,
      async read(target, signal) {
        if (target.entry.log !== undefined) throw new NoDataError('the log file is read');
        // After a reload the old reading of a bot may still go on: two must not begin at the same place.
        const last = underWay.get(target.id) ?? Promise.resolve();
        const reading = last.catch(() => undefined).then(() => readOn(target, signal));
        underWay.set(target.id, reading);
        return messageSamples(await reading);
      },
    },
  };
}

function messageSamples(state: BotLogState): Sample[] {
  return [
    ...freqtradeLevels.map((level) => sample(byLevel, state.byLevel[level] ?? 0, { level })),
    ...freqtradeKinds.map((kind) => sample(byKind, state.byKind[kind] ?? 0, { kind })),
  ];
}
