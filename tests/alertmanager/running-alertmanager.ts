import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { shippedConfiguration } from './programs.ts';

/** An alert as Alertmanager's API shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

/** A real Alertmanager with the shipped configuration. */
export interface RunningAlertmanager {
  /** Reports alerts as Prometheus does. */
  fire(...alerts: readonly Readonly<Record<string, string>>[]): Promise<void>;
  /** Every alert that it knows. */
  alerts(): Promise<ShownAlert[]>;
  /** Ends it, and removes what it wrote. */
  stop(): Promise<void>;
}

/** Starts Alertmanager with just the remediator's address and the place of its token changed. */
export async function startAlertmanager(
  server: string,
  remediator: { readonly webhook: string; readonly token: string },
): Promise<RunningAlertmanager> {
  const folder = await createTempFolder('steward-alertmanager');
  const configuration = path.join(folder.path, 'alertmanager.yml');
  const shipped = await readFile(shippedConfiguration, 'utf8');
  const changed = shipped
    .replace('http://remediator:9841/webhook', remediator.webhook)
    .replace('/run/secrets', folder.path);
  await writeFile(configuration, changed);
  await writeFile(path.join(folder.path, 'webhook_token'), remediator.token);
  const address = `127.0.0.1:${await freePort()}`;
  const child = await startProcess({
    name: 'Alertmanager',
    argv: [
      server,
      `--config.file=${configuration}`,
      `--storage.path=${path.join(folder.path, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    logFile: path.join(folder.path, 'log'),
    debianPackage: 'prometheus-alertmanager',
  });
  const stop = async () => {
    await child.stop();
    await folder.remove();
  };
  try {
    await child.untilReady(async () => (await fetch(`http://${address}/-/ready`)).ok);
  } catch (error) {
    await stop();
    throw error;
  }
  const api = `http://${address}/api/v2/alerts`;
  return { fire: (...alerts) => fire(api, alerts), alerts: () => alerts(api), stop };
}

async function fire(api: string, alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const response = await fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts.map((labels) => ({ labels }))),
  });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`);
}

async function alerts(api: string): Promise<ShownAlert[]> {
  const response = await fetch(api);
  return (await response.json()) as ShownAlert[];
}
