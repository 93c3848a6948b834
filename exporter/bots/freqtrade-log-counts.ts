import { z } from 'zod';
import { freqtradeKindOf, freqtradeLevelOf } from '../../logs/freqtrade-log.ts';
import { messageText } from '../../logs/message-text.ts';

const count = z.number().int().nonnegative();
const counts = z.record(z.string().max(40), count);

/** What was counted in the messages that a bot keeps in memory, and the last one of them that was. */
export const botLogStateSchema = z.strictObject({
  last: z.strictObject({ timeMs: z.number(), text: z.string() }).optional(),
  byLevel: counts,
  byKind: counts,
});

/** What was counted in the messages that a bot keeps in memory. */
export type BotLogState = z.output<typeof botLogStateSchema>;

/** One message: its time in milliseconds, its level and what it says. */
export interface BotMessage {
  readonly timeMs: number;
  readonly level: string;
  readonly message: string;
}

/** So much of a message is kept to know it again. */
const KNOWN_CHARACTERS = 200;

/**
 * Counts the messages that came after those that were counted before, and returns the new state. A bot that was never asked before is counted
 * from its newest message on, as a log file is watched from its end.
 */
export function countMessages(before: BotLogState | undefined, messages: readonly BotMessage[]): BotLogState {
  const added = before === undefined ? messages : messagesAfter(before.last, messages);
  const last = added.at(-1);
  const state: BotLogState = {
    byLevel: { ...before?.byLevel },
    byKind: { ...before?.byKind },
    last: last === undefined ? before?.last : placeOf(last),
  };
  if (before === undefined) return state;
  for (const { level, message } of added) {
    add(state.byLevel, freqtradeLevelOf(level));
    add(state.byKind, freqtradeKindOf({ message: messageText(message) }));
  }
  return state;
}

/**
 * The bot keeps its messages in their order. Where the last one is gone, since there were too many or the bot was started again, all that are
 * newer are new.
 */
function messagesAfter(last: BotLogState['last'], messages: readonly BotMessage[]): readonly BotMessage[] {
  if (last === undefined) return messages;
  const at = messages.findLastIndex((message) => {
    const { timeMs, text } = placeOf(message);
    return timeMs === last.timeMs && text === last.text;
  });
  return at === -1 ? messages.filter(({ timeMs }) => timeMs > last.timeMs) : messages.slice(at + 1);
}

function placeOf({ timeMs, level, message }: BotMessage) {
  return { timeMs, text: `${level} ${message}`.slice(0, KNOWN_CHARACTERS) };
}

function add(into: Record<string, number>, key: string): void {
  into[key] = (into[key] ?? 0) + 1;
}
