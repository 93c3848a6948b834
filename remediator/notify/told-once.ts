import type { Reason } from '../run/run.ts';
import type { Notifier } from './notifier.ts';

/** What holds all runs back at once: one message of it is enough for all of them. */
const ABOUT_ALL: ReadonlySet<Reason> = new Set(['mass_failure', 'paused', 'frozen']);

/** After this time it is told again, where it still goes on. */
const AGAIN_MS = 3_600_000;

/** Makes a notifier that tells what holds all runs back once an hour, and everything else each time. */
export function tellingOnce(notifier: Notifier, nowMs: () => number): Notifier {
  const toldAtMs = new Map<Reason, number>();
  return {
    ...notifier,
    tell(news) {
      if (ABOUT_ALL.has(news.reason) && !news.isClosed) {
        if (nowMs() - (toldAtMs.get(news.reason) ?? -Infinity) < AGAIN_MS) return;
        toldAtMs.set(news.reason, nowMs());
      }
      notifier.tell(news);
    },
  };
}
