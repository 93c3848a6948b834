import { once } from 'node:events';
import { pino } from 'pino';
import { createInventoryHolder } from '../inventory/inventory-holder.ts';
import { parseListenAddress } from '../inventory/listen-address.ts';
import { readSecret } from '../inventory/secret.ts';
import { readVersion } from '../inventory/version.ts';
import { createApp } from './app.ts';
import { parseCommandLine, usage } from './config.ts';
import { startExporter } from './exporter.ts';
import { limitScrapes } from './scrape-limit.ts';

async function main(): Promise<void> {
  const { configFile, isHelp } = parseCommandLine(process.argv.slice(2));
  if (isHelp) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const holder = await createInventoryHolder(configFile);
  const log = pino({ name: 'exporter' });
  const version = await readVersion();
  const exporter = limitScrapes(startExporter(holder, log, version));
  const readPassword = () => {
    const { inventory, resolveFile } = holder.current();
    return readSecret(resolveFile(inventory.exporter.password_file));
  };
  // Without its password the exporter would refuse every refresh; better said now than then.
  await readPassword();
  const { host, port } = parseListenAddress(holder.current().inventory.exporter.listen);
  const server = createApp({ exporter, holder, version, readPassword }).listen(port, host);
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
