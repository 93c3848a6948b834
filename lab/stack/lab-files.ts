import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { dump } from 'js-yaml';
import { FREQTRADE_LOGIN } from '../bot/freqtrade-double.ts';
import { runCommand } from '../parts/run-command.ts';

/** The ports of a lab's servers on 127.0.0.1. */
export interface LabPorts {
  readonly exporter: number;
  readonly remediator: number;
  readonly prometheus: number;
  readonly alertmanager: number;
}

/** The passwords of a lab, which are made anew each time. The user is always `steward`. */
export interface LabSecrets {
  readonly exporter_password: string;
  readonly remediator_password: string;
  readonly prometheus_password: string;
  readonly alertmanager_password: string;
  readonly webhook_token: string;
  readonly ping_token: string;
}

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Makes passwords, keys and web configuration below `secrets`. */
export async function writeSecrets(folder: string): Promise<LabSecrets> {
  const secrets = join(folder, 'secrets');
  await mkdir(join(secrets, 'read'), { recursive: true });
  await mkdir(join(secrets, 'act'));
  await chmod(secrets, 0o700);
  const make = () => randomBytes(18).toString('base64url');
  const values: LabSecrets = {
    exporter_password: make(),
    remediator_password: make(),
    prometheus_password: make(),
    alertmanager_password: make(),
    webhook_token: make(),
    ping_token: make(),
  };
  for (const [name, value] of Object.entries<string>({ ...values }))
    await writeFile(join(secrets, name), value);
  await writeFile(join(secrets, 'bot_password'), FREQTRADE_LOGIN.password);
  for (const role of ['read', 'act']) {
    await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(secrets, role, 'lab')]);
  }
  await writeWebConfiguration(join(secrets, 'prometheus_web.yml'), values.prometheus_password);
  await writeWebConfiguration(join(secrets, 'alertmanager_web.yml'), values.alertmanager_password);
  return values;
}

async function writeWebConfiguration(file: string, password: string): Promise<void> {
  await writeFile(file, dump({ basic_auth_users: { steward: await hash(password, 10) } }));
}

/** Copies the shipped configuration of Prometheus. Rules stay as they are, but for what `changeRules` does; addresses, intervals and the place of secrets change. */
export async function writePrometheusConfiguration(
  folder: string,
  ports: LabPorts,
  intervalSeconds: number,
  changeRules: (text: string) => string = (text) => text,
): Promise<string> {
  const file = join(folder, 'prometheus.yml');
  const shipped = await readFile(join(REPOSITORY, 'prometheus', 'prometheus.yml'), 'utf8');
  const own = withOwnAddresses(shipped, folder, ports)
    .replace(/(scrape_interval|evaluation_interval|refresh_interval): \S+/g, `$1: ${intervalSeconds}s`)
    .replace(/scrape_timeout: \S+/, `scrape_timeout: ${Math.min(10, intervalSeconds)}s`);
  await writeFile(file, own);
  const rules = join(REPOSITORY, 'prometheus', 'rules');
  await mkdir(join(folder, 'rules'));
  for (const name of await readdir(rules))
    await writeFile(join(folder, 'rules', name), changeRules(await readFile(join(rules, name), 'utf8')));
  return file;
}

/** Copies the shipped configuration of Alertmanager, the one that Debian 12's takes. Routes and templates stay as they are. */
export async function writeAlertmanagerConfiguration(folder: string, ports: LabPorts): Promise<string> {
  const file = join(folder, 'alertmanager.yml');
  const shipped = await readFile(join(REPOSITORY, 'alertmanager', 'alertmanager-0.25.yml'), 'utf8');
  await writeFile(file, withOwnAddresses(shipped, folder, ports));
  await cp(join(REPOSITORY, 'alertmanager', 'templates'), join(folder, 'templates'), { recursive: true });
  return file;
}

function withOwnAddresses(text: string, folder: string, ports: LabPorts): string {
  return text
    .replaceAll('exporter:9840', `127.0.0.1:${ports.exporter}`)
    .replaceAll('remediator:9841', `127.0.0.1:${ports.remediator}`)
    .replaceAll('prometheus:9090', `127.0.0.1:${ports.prometheus}`)
    .replaceAll('alertmanager:9093', `127.0.0.1:${ports.alertmanager}`)
    .replaceAll('/run/secrets/', `${folder}/secrets/`);
}
