import { once } from 'node:events';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createInventoryHolder, type InventoryHolder } from '../inventory/inventory-holder.ts';
import { parseListenAddress } from '../inventory/listen-address.ts';
import type { LoadedInventory } from '../inventory/load.ts';
import { formatProblem, type Problem } from '../inventory/problem.ts';
import { readVersion } from '../inventory/version.ts';
import { openWebConfig } from '../web/web-config-file.ts';
import { createWebHandlers } from '../web/web-handlers.ts';
import { createWebServer } from '../web/web-server.ts';
import { createServiceLog } from '../web/service-log.ts';
import { checkPolicies } from './checks/check-policies.ts';
import { checkQueries } from './checks/check-queries.ts';
import { parseCommandLine, usage } from './config.ts';
import { createRemediator, type Remediator } from './remediator.ts';
import { openJournal } from './store/open-journal.ts';
import { createUpstreams } from './upstreams.ts';

async function main(): Promise<void> {
  const { configFile, webConfigFile, isHelp } = parseCommandLine(process.argv.slice(2));
  if (isHelp) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const log = createServiceLog('remediator');
  const webConfig = webConfigFile === undefined ? undefined : openWebConfig(webConfigFile, log);
  const holder = await createInventoryHolder(configFile, (loaded) => checkAll(loaded, log));
  // What is asked for with a token or password must not stand open because a file is missing.
  const { readToken, readPassword } = createUpstreams(holder);
  await Promise.all([readToken(), readPassword()]);
  const journal = await openJournal(holder.current(), log);
  const remediator = createRemediator(holder, journal, log, createWebHandlers(webConfig), instanceOf(holder));
  try {
    const server = createWebServer({ app: remediator.app, config: webConfig });
    await serve(server, remediator, holder, log);
  } catch (error) {
    await remediator.stop();
    throw error;
  }
}

async function checkAll(loaded: LoadedInventory, log: Logger): Promise<readonly Problem[]> {
  const problems = checkPolicies(loaded);
  if (problems.length > 0) return problems;
  const checked = await checkQueries(loaded);
  if ('problems' in checked) return checked.problems;
  log.warn(
    { error: checked.notAsked },
    'Prometheus could not be asked whether it takes the queries of steward.yml',
  );
  return [];
}

/** The name of this process, the same from one start to the next: two on one machine cannot listen on the same address. */
function instanceOf(holder: InventoryHolder): string {
  return `${hostname()} ${holder.current().inventory.remediator.listen}`;
}

async function serve(
  server: Server,
  remediator: Remediator,
  holder: InventoryHolder,
  log: Logger,
): Promise<void> {
  const { listen } = holder.current().inventory.remediator;
  const { host, port } = parseListenAddress(listen);
  server.listen(port, host);
  await once(server, 'listening');
  await remediator.start();
  log.info({ listen, version: await readVersion() }, 'the remediator is ready');
  process.on('SIGHUP', () => void reload(holder, log));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop(server, remediator, log));
  }
}

async function reload(holder: InventoryHolder, log: Logger): Promise<void> {
  const problems = await holder.reload();
  for (const problem of problems) log.error(formatProblem(problem));
  log.info(problems.length === 0 ? 'steward.yml was read again' : 'the last good steward.yml stays');
}

/** Less than anybody gives a service to end. */
const STOP_MS = 4500;

/** What is under way is kept in the journal. A database that does not answer is not waited for: this end is then not known as a good one. */
async function stop(server: Server, remediator: Remediator, log: Logger): Promise<void> {
  const late = setTimeout(() => {
    log.error('the journal does not answer: the end could not be noted there');
    process.exit(1);
  }, STOP_MS);
  server.close();
  server.closeAllConnections();
  await remediator.stop();
  clearTimeout(late);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
