import type { Logger } from 'pino';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import type { WebHandlers } from '../web/web-handlers.ts';
import { createActingHosts } from './acting-hosts.ts';
import { createApp } from './app.ts';
import { createMetrics } from './metrics.ts';
import { createWebhookNotifier } from './notify/webhook-notifier.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';
import { messageOf } from './message-of.ts';
import { isPaused } from './pause.ts';
import { createRefresh } from './refresh.ts';
import { createHostLocks } from './run/host-locks.ts';
import type { Journal } from './store/journal.ts';
import { createUpstreams } from './upstreams.ts';
import { createWorker } from './worker.ts';

/** The remediator, put together; what listens is up to its caller. */
export interface Remediator {
  readonly app: ReturnType<typeof createApp>;
  /** Settles what an earlier process left open. */
  resume(): Promise<void>;
  /** Stops taking runs forward, and closes what is open. What was started is settled after the next start. */
  stop(): Promise<void>;
}

/** Puts the remediator together on a journal. */
export function createRemediator(
  holder: InventoryHolder,
  journal: Journal,
  log: Logger,
  web: WebHandlers,
): Remediator {
  const abort = new AbortController();
  const { signal } = abort;
  const hosts = createActingHosts(holder, log);
  const upstreams = createUpstreams(holder);
  const notifier = createWebhookNotifier(upstreams.notifyWebhook, log, signal);
  const metrics = createMetrics({
    active: () => worker.active(),
    lastReload: holder.lastReload,
    isPaused: async () => isPaused(await journal.pause(), Date.now()),
  });
  const worker = createWorker(
    {
      journal,
      prometheus: createPrometheusClient(upstreams.prometheus),
      refresh: createRefresh(upstreams.exporter),
      locks: createHostLocks(),
      hostOf: hosts.hostOf,
      inventory: () => holder.current().inventory,
      signal,
    },
    log,
    {
      onNews: (news) => {
        metrics.countNews(news, Date.now());
        notifier.tell(news);
      },
      onInterruption: metrics.countInterruption,
    },
  );
  const { readToken, readPassword } = upstreams;
  return {
    app: createApp({
      journal,
      metrics,
      holder,
      log,
      web,
      readToken,
      readPassword,
      onAccepted: worker.look,
      onAnswered: worker.look,
      onResumed: () => void worker.resume().catch(saying(log, 'the open runs cannot be read')),
    }),
    resume: () => worker.resume(),
    async stop() {
      abort.abort();
      await worker.idle();
      await Promise.all([hosts.close(), notifier.idle()]);
      await journal.close();
    },
  };
}

function saying(log: Logger, what: string): (error: unknown) => void {
  return (error) => log.error({ error: messageOf(error) }, what);
}
