import type { Logger } from 'pino';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import type { WebHandlers } from '../web/web-handlers.ts';
import { createActingHosts } from './acting-hosts.ts';
import { createActingBots } from './bots/acting-bots.ts';
import { createSilences } from './alertmanager/silences.ts';
import { createApp } from './app.ts';
import { noteStart } from './crash-loop.ts';
import { createMetrics, type RemediatorMetrics } from './metrics/metrics.ts';
import { owedForPause } from './notify/owed.ts';
import { createTelling, type Telling } from './notify/telling.ts';
import { createWebhookNotifier } from './notify/webhook-notifier.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';
import { sharingAnswers } from './prometheus/shared-answers.ts';
import { messageOf } from './message-of.ts';
import { keepNotingMissedEnds, type MissedEndsOptions } from './alerts/missed-ends.ts';
import { createRefresh } from './refresh.ts';
import { keepRemovingOldRuns } from './retention.ts';
import { createHostLocks } from './run/host-locks.ts';
import type { UnleasedDependencies } from './run/under-lease.ts';
import type { Journal } from './store/journal.ts';
import { sharingEpisodes } from './store/shared-episodes.ts';
import { keepTakingOver } from './take-over.ts';
import { createUpstreams, type Upstreams } from './upstreams.ts';
import { createWorker, type WorkerListeners } from './worker.ts';

/** The remediator, put together; what listens is up to its caller. */
export interface Remediator {
  readonly app: ReturnType<typeof createApp>;
  /** Settles what an earlier process left open. It starts paused where earlier ones ended badly again and again. */
  start(): Promise<void>;
  /** Stops taking runs forward, and closes what is open. What was started is settled after the next start. */
  stop(): Promise<void>;
}

/** Puts the remediator together on a journal. `instance` stays the same from one start to the next. */
export function createRemediator(
  holder: InventoryHolder,
  journal: Journal,
  log: Logger,
  web: WebHandlers,
  instance: string,
): Remediator {
  const abort = new AbortController();
  const { signal } = abort;
  const hosts = createActingHosts(holder, log);
  const upstreams = createUpstreams(holder);
  const metrics = metricsOf(holder, journal, () => worker.active());
  const notifier = createWebhookNotifier(upstreams.notifyWebhook, signal);
  const telling = createTelling({ journal, notifier, count: metrics.countTelling, log, signal });
  const parts = createRunParts(holder, upstreams, log, signal);
  const worker = createWorker(
    {
      journal: sharingEpisodes(journal),
      hostOf: hosts.hostOf,
      botOf: createActingBots(holder),
      signal,
      ...parts,
    },
    log,
    listenersOf(metrics, telling),
  );
  // Where it could not listen, the end that would be noted is that of an earlier start.
  let isStartNoted = false;
  return {
    app: createApp({
      journal,
      metrics,
      holder,
      prometheus: parts.sharedPrometheus,
      log,
      web,
      readToken: upstreams.readToken,
      readPassword: upstreams.readPassword,
      onAccepted: worker.look,
      onAnswered: worker.look,
      onResumed: () => void worker.resume().catch(saying(log, 'the open runs cannot be read')),
    }),
    async start() {
      await pauseInCrashLoop(journal, instance, log, holder);
      isStartNoted = true;
      await worker.resume();
      void telling.keepLooking();
      keepLookingAtRuns({ journal, prometheus: parts.prometheus, look: worker.look, log }, signal);
      void keepRemovingOldRuns(journal, () => holder.current().inventory, log, signal);
    },
    async stop() {
      abort.abort();
      await worker.idle();
      await Promise.all([hosts.close(), telling.idle()]);
      if (isStartNoted)
        await journal.noteStop(instance, new Date()).catch(saying(log, 'the end could not be noted'));
      await journal.close();
    },
  };
}

/** Looks at runs that other processes have left, and at those whose end nobody told of. */
function keepLookingAtRuns(
  parts: MissedEndsOptions & { readonly journal: Journal },
  signal: AbortSignal,
): void {
  const { journal, look, log } = parts;
  void keepTakingOver(journal, look, log, signal);
  void keepNotingMissedEnds(parts, signal);
}

function listenersOf(metrics: RemediatorMetrics, telling: Telling): WorkerListeners {
  return {
    onNews(news) {
      metrics.countNews(news, Date.now());
      telling.wake();
    },
    onInterruption: metrics.countInterruption,
  };
}

function metricsOf(holder: InventoryHolder, journal: Journal, active: () => number): RemediatorMetrics {
  const { lastReload } = holder;
  return createMetrics({ active, lastReload, inventory: () => holder.current().inventory, journal });
}

/** What a run needs from outside, but for the journal, the hosts and the bots. */
function createRunParts(
  holder: InventoryHolder,
  upstreams: Upstreams,
  log: Logger,
  signal: AbortSignal,
): Omit<UnleasedDependencies, 'journal' | 'hostOf' | 'botOf' | 'signal'> {
  const prometheus = createPrometheusClient(upstreams.prometheus, upstreams.queries, signal);
  return {
    prometheus,
    sharedPrometheus: sharingAnswers(prometheus),
    refresh: createRefresh(upstreams.exporter, signal),
    silences: createSilences(upstreams.alertmanager, log),
    locks: createHostLocks(() => holder.current().inventory.remediator.max_runs),
    inventory: () => holder.current().inventory,
  };
}

async function pauseInCrashLoop(
  journal: Journal,
  instance: string,
  log: Logger,
  holder: InventoryHolder,
): Promise<void> {
  const pause = await noteStart(journal, instance, Date.now(), (started) =>
    owedForPause(started, holder.current().inventory),
  );
  if (pause !== undefined) log.error({ reason: pause.reason }, 'the remediator starts paused');
}

function saying(log: Logger, what: string): (error: unknown) => void {
  return (error) => log.error({ error: messageOf(error) }, what);
}
