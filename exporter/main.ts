import { once } from 'node:events';
import type { Logger } from 'pino';
import { createInventoryHolder, type InventoryHolder } from '../inventory/inventory-holder.ts';
import { parseListenAddress } from '../inventory/listen-address.ts';
import { readSecret, type Secret } from '../inventory/secret.ts';
import { readVersion } from '../inventory/version.ts';
import { openWebConfig } from '../web/web-config-file.ts';
import { createWebHandlers } from '../web/web-handlers.ts';
import { createWebServer } from '../web/web-server.ts';
import { createServiceLog } from '../web/service-log.ts';
import { createApp } from './app.ts';
import { parseCommandLine, usage } from './config.ts';
import { startExporter } from './exporter.ts';
import { jobRecordsSchema, openJobStore, type JobStore } from './jobs/job-store.ts';
import { pingRoutes } from './jobs/ping-routes.ts';
import { limitScrapes } from './scrape/scrape-limit.ts';
import { openStateFile } from './state/state-file.ts';

async function main(): Promise<void> {
  const { configFile, webConfigFile, isHelp } = parseCommandLine(process.argv.slice(2));
  if (isHelp) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const holder = await createInventoryHolder(configFile);
  const log = createServiceLog('exporter');
  const webConfig = webConfigFile === undefined ? undefined : openWebConfig(webConfigFile, log);
  const version = await readVersion();
  const jobs = await openJobs(holder, log);
  const exporter = limitScrapes(startExporter(holder, log, version, jobs));
  const readPassword = () => readNamed(holder, 'password_file');
  const readToken = () => readNamed(holder, 'ping_token_file');
  // Without its password the exporter would refuse every refresh; better said now than then.
  await readPassword();
  const pings = pingRoutes({ holder, store: jobs, readToken, log });
  const { host, port } = parseListenAddress(holder.current().inventory.exporter.listen);
  const web = createWebHandlers(webConfig);
  const app = createApp({ exporter, holder, version, readPassword, pings, web });
  const server = createWebServer({ app, config: webConfig }).listen(port, host);
  await once(server, 'listening');
  log.info({ listen: `${host}:${port}`, version }, 'the exporter is ready');
  process.on('SIGHUP', () => void exporter.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
      void exporter.stop();
    });
  }
}

function readNamed(holder: InventoryHolder, name: 'password_file' | 'ping_token_file'): Promise<Secret> {
  const { inventory, resolveFile } = holder.current();
  return readSecret(resolveFile(inventory.exporter[name]));
}

function openJobs(holder: InventoryHolder, log: Logger): Promise<JobStore> {
  const { inventory, resolveFile } = holder.current();
  const folder = resolveFile(inventory.exporter.state_dir);
  const onError = (error: unknown) =>
    log.error({ error: String(error) }, 'what is known of jobs cannot be written');
  const file = openStateFile(folder, 'jobs.json', jobRecordsSchema, (message) => log.error(message));
  return openJobStore({ file, onError });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
