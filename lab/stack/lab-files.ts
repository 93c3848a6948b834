import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { dump } from 'js-yaml';
import { runCommand } from '../parts/run-command.ts';
import { PHP_FPM_STATUS_PATH } from '../site/php-fpm.ts';

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
  };
  for (const [name, value] of Object.entries<string>({ ...values }))
    await writeFile(join(secrets, name), value);
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

/** What the lab's steward.yml says. */
export interface LabInventory {
  readonly user: string;
  readonly sshPort: number;
  readonly hostKey: string;
  readonly ports: LabPorts;
  readonly intervalSeconds: number;
  readonly site: {
    readonly url: string;
    readonly path: string;
    readonly services: readonly string[];
    readonly supervisorConfig: string;
    readonly phpSocket: string;
  };
}

/** Writes steward.yml: the shipped policies are turned to `auto`, and may act again as soon as their proof is over. */
export async function writeInventory(folder: string, lab: LabInventory): Promise<string> {
  const { ports, site } = lab;
  const address = (port: number) => `127.0.0.1:${port}`;
  const seconds = `${Math.max(10, 4 * lab.intervalSeconds)}s`;
  const policy = (name: string, query: string) => ({
    name,
    mode: 'auto',
    cooldown: seconds,
    limit: '1000 per 1h',
    verify: { query, samples: 2, within: seconds },
  });
  const file = join(folder, 'steward.yml');
  const content = {
    hosts: {
      lab: {
        address: '127.0.0.1',
        port: lab.sshPort,
        user: lab.user,
        read_key_file: 'secrets/read/lab',
        act_key_file: 'secrets/act/lab',
        host_key: lab.hostKey,
        services: site.services.map((name) => ({
          name,
          manager: 'supervisor',
          config: site.supervisorConfig,
        })),
      },
    },
    sites: {
      blog: {
        host: 'lab',
        url: site.url,
        path: site.path,
        owner: 'www-data',
        services: [...site.services],
        php_fpm: { socket: site.phpSocket, status_path: PHP_FPM_STATUS_PATH },
      },
    },
    policies: [
      policy('fix-permissions', 'sum(wordpress_path_permission_violations{instance="$target"}) == 0'),
      policy('restart-service', 'host_service_up{instance="$target", name="$service"} == 1'),
    ],
    exporter: { listen: address(ports.exporter), url: `http://${address(ports.exporter)}` },
    remediator: { listen: address(ports.remediator), external_url: `http://${address(ports.remediator)}` },
    prometheus: { url: `http://${address(ports.prometheus)}` },
    alertmanager: { url: `http://${address(ports.alertmanager)}` },
  };
  await writeFile(file, dump(content));
  return file;
}

/** Copies the shipped configuration of Prometheus. Rules stay as they are; addresses, intervals and the place of secrets change. */
export async function writePrometheusConfiguration(
  folder: string,
  ports: LabPorts,
  intervalSeconds: number,
): Promise<string> {
  const file = join(folder, 'prometheus.yml');
  const shipped = await readFile(join(REPOSITORY, 'prometheus', 'prometheus.yml'), 'utf8');
  const own = withOwnAddresses(shipped, folder, ports)
    .replace(/(scrape_interval|evaluation_interval|refresh_interval): \S+/g, `$1: ${intervalSeconds}s`)
    .replace(/scrape_timeout: \S+/, `scrape_timeout: ${Math.min(10, intervalSeconds)}s`);
  await writeFile(file, own);
  await cp(join(REPOSITORY, 'prometheus', 'rules'), join(folder, 'rules'), { recursive: true });
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
