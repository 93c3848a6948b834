import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Alert } from './alert.ts';
import { messageOf } from '../message-of.ts';
import { missedEndTimes } from './missed-end-times.ts';
import { askedOnce } from '../prometheus/asked-once.ts';
import { corroborate } from '../prometheus/corroborate.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import type { Journal } from '../store/journal.ts';

/** What looking for missed ends needs. */
export interface MissedEndsOptions {
  readonly journal: Pick<Journal, 'unseenRuns' | 'endUnseen'>;
  readonly prometheus: PrometheusClient;
  /** Hears of each run whose alert has ended. */
  readonly look: (runId: string) => void;
  readonly log: Logger;
}

/**
 * Notes the ends of alerts that Alertmanager does not tell of, because it was restarted, or they were silenced or inhibited when they ended. Only what waits is asked
 * about, and has ended where it was not delivered for a while and no rule of its name holds for it in Prometheus; were that no end, its next
 * delivery would say that it is back. Rejects at last where Prometheus could not be asked about one, which stays as it is.
 */
export async function noteMissedEnds(
  { journal, prometheus, look, log }: MissedEndsOptions,
  now: Date,
): Promise<void> {
  const beforeMs = now.getTime() - missedEndTimes.unseenMs;
  const asked = askedOnce(prometheus);
  const failures: unknown[] = [];
  const mayHold = (alert: Alert): Promise<boolean> =>
    corroborate(asked, alert, []).then(
      (found) => found !== undefined,
      (error: unknown) => failures.push(error) > 0,
    );
  for (const { runId, alert } of await journal.unseenRuns(beforeMs)) {
    if (await mayHold(alert)) continue;
    if (!(await journal.endUnseen(runId, beforeMs, now))) continue;
    log.info({ run: runId }, 'the alert of a run has ended, and nobody told of it');
    look(runId);
  }
  if (failures.length > 0) throw failures[0];
}

/** Does so again and again until the signal. What fails is tried again the next time. */
export async function keepNotingMissedEnds(options: MissedEndsOptions, signal: AbortSignal): Promise<void> {
  const rested = (): Promise<boolean> =>
    sleep(missedEndTimes.everyMs, true, { signal, ref: false }).catch(() => false);
  while (await rested()) {
    try {
      await noteMissedEnds(options, new Date());
    } catch (error) {
      if (!signal.aborted)
        options.log.error({ error: messageOf(error) }, 'it cannot be seen whether alerts have ended');
    }
  }
}
