import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../message-of.ts';
import { leaseTimes } from '../store/lease-times.ts';
import type { Message } from './message.ts';
import { about, sendOwed, type TellingParts } from './send-owed.ts';

/** Sends what the journal says that people are owed, until a receiver has taken it. */
export interface Telling {
  /** Looks at once whether something is owed. */
  wake(): void;
  /** Looks at once, and from then on again and again until the signal, for what earlier processes and other replicas have left. */
  keepLooking(): Promise<void>;
  /** Waits until nothing is being sent. What could not be is still owed. */
  idle(): Promise<void>;
}

/** So many messages are under way at once: a storm of them must not fill the memory, nor the receiver. */
const AT_ONCE = 10;
/** A timer may end a little before the journal's own clock says that a message is due. */
const AFTER_DUE_MS = 20;

/** Makes it. Each message is this process's alone while it is sent; where it is lost then, another sends it as late as it would take over a run. */
export function createTelling(parts: TellingParts): Telling {
  const { journal, log, signal } = parts;
  const sending = new Set<Promise<void>>();
  let taking: Promise<void> | undefined;
  let isToLookAgain = false;

  function wake(): void {
    isToLookAgain = true;
    taking ??= takeAll()
      .catch((error: unknown) => {
        log.error({ error: messageOf(error) }, 'it cannot be seen what people are owed');
      })
      .finally(() => {
        taking = undefined;
        if (isToLookAgain && sending.size < AT_ONCE) wake();
      });
  }

  async function takeAll(): Promise<void> {
    while (isToLookAgain && sending.size < AT_ONCE) {
      isToLookAgain = false;
      const room = AT_ONCE - sending.size;
      const messages = await journal.takeOwed(room, leaseTimes.leaseMs);
      messages.forEach(sendInBackground);
      if (messages.length === room) isToLookAgain = true;
    }
  }

  function sendInBackground(message: Message): void {
    const one = send(message).finally(() => {
      sending.delete(one);
      if (isToLookAgain && !signal.aborted) wake();
    });
    sending.add(one);
  }

  async function send(message: Message): Promise<void> {
    try {
      const againMs = await sendOwed(message, parts);
      if (againMs !== undefined && !signal.aborted) setTimeout(wake, againMs + AFTER_DUE_MS).unref();
    } catch (error) {
      log.error({ ...about(message), error: messageOf(error) }, 'it cannot be noted what people were told');
    }
  }

  return {
    wake,
    async keepLooking() {
      do wake();
      while (await sleep(leaseTimes.everyMs, true, { signal, ref: false }).catch(() => false));
    },
    async idle() {
      while (taking !== undefined || sending.size > 0) await Promise.all([taking, ...sending]);
    },
  };
}
