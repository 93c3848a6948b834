import type { Logger } from 'pino';
import { basicAuthorization } from '../inventory/authorization.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { readSecret, type Secret } from '../inventory/secret.ts';
import { createActingHosts } from './acting-hosts.ts';
import { createApp } from './app.ts';
import { createMetrics } from './metrics.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';
import { createRefresh } from './refresh.ts';
import type { FinishListener } from './run/run-record.ts';
import type { Journal } from './store/journal.ts';
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
export function createRemediator(holder: InventoryHolder, journal: Journal, log: Logger): Remediator {
  const abort = new AbortController();
  const hosts = createActingHosts(holder);
  const secretOf = (section: 'exporter' | 'remediator' | 'prometheus'): Promise<Secret> => {
    const { inventory, resolveFile } = holder.current();
    return readSecret(resolveFile(inventory[section].password_file));
  };
  const prometheus = createPrometheusClient(holder.current().inventory.prometheus.url, async () =>
    basicAuthorization(holder.current().inventory.prometheus.username, await secretOf('prometheus')),
  );
  const refresh = createRefresh(async () => {
    const { url, username } = holder.current().inventory.exporter;
    return { url, username, password: await secretOf('exporter') };
  });
  const onFinish: FinishListener = (runId, outcome, reason) => {
    metrics.countFinished(outcome, reason);
    if (outcome !== 'verified') return;
    void journal.run(runId).then((run) => {
      if (run !== undefined) metrics.observeVerified((Date.now() - Date.parse(run.createdAt)) / 1000);
    });
  };
  const worker = createWorker(
    {
      journal,
      prometheus,
      refresh,
      hostOf: hosts.hostOf,
      inventory: () => holder.current().inventory,
      signal: abort.signal,
    },
    log,
    onFinish,
  );
  const metrics = createMetrics({ active: worker.active, lastReload: holder.lastReload });
  const readToken = () => {
    const { inventory, resolveFile } = holder.current();
    return readSecret(resolveFile(inventory.remediator.webhook_token_file));
  };
  return {
    app: createApp({
      journal,
      worker,
      metrics,
      holder,
      log,
      readToken,
      readPassword: () => secretOf('remediator'),
    }),
    resume: worker.resume,
    async stop() {
      abort.abort();
      await worker.idle();
      await hosts.close();
      await journal.close();
    },
  };
}
