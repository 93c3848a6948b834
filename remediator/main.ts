import { once } from 'node:events';
import { resolve, dirname } from 'node:path';
import { pino } from 'pino';
import { createInventoryHolder } from '../inventory/inventory-holder.ts';
import { parseListenAddress } from '../inventory/listen-address.ts';
import { readSecret } from '../inventory/secret.ts';
import { readVersion } from '../inventory/version.ts';
import { checkPolicies } from './check-policies.ts';
import { parseCommandLine, usage } from './config.ts';
import { createRemediator } from './remediator.ts';
import { openSqliteJournal } from './store/sqlite-journal.ts';

async function main(): Promise<void> {
  const { configFile, isHelp } = parseCommandLine(process.argv.slice(2));
  if (isHelp) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const holder = await createInventoryHolder(configFile, checkPolicies);
  const { inventory, resolveFile } = holder.current();
  const log = pino({ name: 'remediator' });
  // What is asked for with a token or password must not stand open because a file is missing.
  await readSecret(resolveFile(inventory.remediator.webhook_token_file));
  await readSecret(resolveFile(inventory.remediator.password_file));
  const journal = await openSqliteJournal(
    resolve(dirname(resolve(configFile)), inventory.remediator.journal),
  );
  const remediator = createRemediator(holder, journal, log);
  await remediator.resume();
  const { host, port } = parseListenAddress(inventory.remediator.listen);
  const server = remediator.app.listen(port, host);
  await once(server, 'listening');
  log.info({ listen: `${host}:${port}`, version: await readVersion() }, 'the remediator is ready');
  process.on('SIGHUP', () => void holder.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
      void remediator.stop();
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
