import type { Message } from './message.ts';

/** Takes messages to people. */
export interface Notifier {
  /** Sends one. Resolves once a receiver has taken it, or with `nobody` where there is none any more; rejects with why it was not taken. */
  send(message: Message): Promise<'taken' | 'nobody'>;
}
