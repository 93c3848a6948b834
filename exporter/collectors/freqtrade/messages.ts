import { z } from 'zod';
import { countMessages, botLogStateSchema, type BotLogState } from '../../bots/freqtrade-log-counts.ts';
import type { FreqtradeClientOf } from '../../bots/freqtrade-clients.ts';
import { NoDataError, type Collector } from '../../collector.ts';
import { freqtradeKinds, freqtradeLevels } from '../../../logs/freqtrade-log.ts';
import { counter, sample, type Sample } from '../../metrics/metric.ts';
import { createKeptValues } from '../../state/kept-values.ts';
import { openStateFile } from '../../state/state-file.ts';
import type { BotTarget } from '../../targets/target.ts';

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
  const kept = createKeptValues((id) =>
    openStateFile(stateFolder(), `messages-${id}.json`, botLogStateSchema),
  );
  return {
    name: 'freqtrade_messages',
    metrics,
    background: {
      intervalMs: 60_000,
      metrics,
      async read(target, signal) {
        if (target.entry.log !== undefined) throw new NoDataError('the log file is read');
        const state = await kept.update(target.id, async (before) => {
          const { logs } = await clientOf(target).get('logs', logsShape, signal);
          return countMessages(
            before,
            logs.map(([, timeMs, , level, message]) => ({ timeMs, level, message })),
          );
        });
        return messageSamples(state);
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
