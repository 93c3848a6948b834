import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from './message-of.ts';
import type { Journal } from './store/journal.ts';
import { leaseTimes } from './store/lease-times.ts';

/** Looks at runs that another process has left, again and again until the signal. A journal that fails is asked again the next time. */
export async function keepTakingOver(
  journal: Pick<Journal, 'abandonedRuns'>,
  look: (runId: string) => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const rested = (): Promise<boolean> =>
    sleep(leaseTimes.everyMs, true, { signal, ref: false }).catch(() => false);
  while (await rested()) {
    try {
      const runs = await journal.abandonedRuns();
      for (const run of runs) {
        log.info({ run }, 'a run that nobody looks after is taken over');
        look(run);
      }
    } catch (error) {
      log.error({ error: messageOf(error) }, 'it cannot be seen whether runs were left');
    }
  }
}
