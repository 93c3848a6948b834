import type { Logger } from 'pino';
import { messageOf } from '../message-of.ts';
import type { Reason } from '../run/run.ts';
import type { Journal } from '../store/journal.ts';
import type { Notifier } from './notifier.ts';

/** What holds all runs back at once: one message of it is enough for all of them. */
const ABOUT_ALL: ReadonlySet<Reason> = new Set(['mass_failure', 'paused', 'frozen']);

/** After this time it is told again, where it still goes on. */
const AGAIN_MS = 3_600_000;

/**
 * Makes a notifier that tells what holds all runs back once an hour, by one of the processes that share the journal, and everything else each time. Where
 * the journal cannot say whether it was told, it is told.
 */
export function tellingOnce(
  notifier: Notifier,
  journal: Pick<Journal, 'firstToTell'>,
  log: Logger,
): Notifier {
  const asking = new Set<Promise<void>>();

  async function isFirst(reason: Reason): Promise<boolean> {
    try {
      return await journal.firstToTell(reason, AGAIN_MS);
    } catch (error) {
      log.error({ error: messageOf(error) }, 'it cannot be seen whether people were told');
      return true;
    }
  }

  return {
    ...notifier,
    tell(news) {
      if (!ABOUT_ALL.has(news.reason) || news.isClosed) {
        notifier.tell(news);
        return;
      }
      const one = isFirst(news.reason).then((first) => {
        asking.delete(one);
        if (first) notifier.tell(news);
      });
      asking.add(one);
    },
    async idle() {
      await Promise.all(asking);
      await notifier.idle();
    },
  };
}
