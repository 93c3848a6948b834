import type { Logger } from 'pino';
import { messageOf } from '../message-of.ts';
import type { Journal } from '../store/journal.ts';
import type { Message } from './message.ts';
import type { Notifier } from './notifier.ts';

/** What became of an attempt to tell people. A message that failed is tried again; one that was given up is not. */
export const tellingResults = ['told', 'failed', 'given_up'] as const;
/** What became of an attempt to tell people. */
export type TellingResult = (typeof tellingResults)[number];

/** What telling needs. */
export interface TellingParts {
  readonly journal: Pick<Journal, 'takeOwed' | 'putOff' | 'noteTold'>;
  readonly notifier: Notifier;
  readonly count: (result: TellingResult) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What is older says nothing that people can still use, and after a long outage there may be much of it. */
const KEPT_MS = 86_400_000;
/** It is tried again after as long as it has been owed, within these bounds. */
const SOONEST_AGAIN_MS = 1000;
const LATEST_AGAIN_MS = 5 * 60_000;

/** Sends a message that was taken from the journal, and notes there what became of it. Resolves with when it is due again, where it was not taken. */
export async function sendOwed(message: Message, parts: TellingParts): Promise<number | undefined> {
  const { journal, notifier, count } = parts;
  const owedMs = Date.now() - Date.parse(message.at);
  if (owedMs > KEPT_MS) return giveUp(message, 'nobody could be told for a day', parts);
  const sent = await notifier.send(message).catch((error: unknown) => ({ failure: messageOf(error) }));
  if (sent === 'nobody') return giveUp(message, 'nobody is to be told any more', parts);
  if (sent !== 'taken') return putOff(message, sent.failure, Math.abs(owedMs), parts);
  count('told');
  await journal.noteTold(message.id);
  return undefined;
}

/** What this process's own end has cut off is due for whoever comes next. */
async function putOff(
  message: Message,
  failure: string,
  owedMs: number,
  { journal, count, log, signal }: TellingParts,
): Promise<number> {
  const waitMs = signal.aborted ? 0 : Math.min(Math.max(owedMs, SOONEST_AGAIN_MS), LATEST_AGAIN_MS);
  count('failed');
  log.error({ ...about(message), error: failure }, 'nobody could be told; it is tried again');
  await journal.putOff(message.id, waitMs);
  return waitMs;
}

async function giveUp(
  message: Message,
  why: string,
  { journal, count, log }: TellingParts,
): Promise<undefined> {
  count('given_up');
  log.error({ ...about(message), outcome: message.outcome, reason: message.reason }, why);
  await journal.noteTold(message.id);
}

/** What a line of the log says of a message. */
export function about({ id, run }: Message): object {
  return { message: id, ...(run !== null && { run: run.id }) };
}
