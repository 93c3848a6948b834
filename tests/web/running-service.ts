import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from 'bcryptjs';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { createAuthority, type TestAuthority, type TestCertificate } from '../helpers/certificates.ts';
import { ask } from '../helpers/web-request.ts';

/** The services that have a web configuration. */
export const services = ['exporter', 'remediator'] as const;
/** One of them. */
export type Service = (typeof services)[number];

/** A folder with secrets, certificates and what is started in it. */
export interface Place {
  readonly folder: TempFolder;
  readonly authority: TestAuthority;
  /** A web configuration with TLS and the user `prometheus`, whose password is `scrape`. */
  readonly protectedText: string;
  /** What runs, to be stopped after each test. */
  readonly running: RunningProcess[];
}

/** Makes it. */
export async function createPlace(): Promise<Place> {
  const folder = await createTempFolder('steward-web');
  const authority = await createAuthority(folder.path, 'authority');
  await authority.issue('server', ['IP:127.0.0.1']);
  const protectedText = `tls_server_config: { cert_file: server.crt, key_file: server.key }
basic_auth_users: { prometheus: '${await hash('scrape', 10)}' }
`;
  await mkdir(join(folder.path, 'secrets'));
  for (const name of ['exporter_password', 'ping_token', 'webhook_token', 'remediator_password'])
    await writeFile(join(folder.path, 'secrets', name), name, { mode: 0o600 });
  return { folder, authority, protectedText, running: [] };
}

/** The main file of a service. */
export function mainOf(service: Service): string {
  return fileURLToPath(new URL(`../../${service}/main.ts`, import.meta.url));
}

/** Starts a service on a web configuration with TLS, and resolves with its port. `client` is shown where it asks for a certificate. */
export async function startService(
  { folder, authority, running }: Place,
  service: Service,
  webConfig: string,
  client?: TestCertificate,
): Promise<number> {
  const port = await freePort();
  const [config, web] = [join(folder.path, 'steward.yml'), join(folder.path, 'web.yml')];
  await writeFile(web, webConfig);
  const jobs = 'jobs: { draft: { every: 1h, pipeline: articles, stage: draft, max_duration: 1h } }';
  const address = `listen: '127.0.0.1:${port}', ${service === 'exporter' ? 'url' : 'external_url'}: 'https://127.0.0.1:${port}'`;
  await writeFile(config, `${service}: { ${address} }\n${jobs}\n`);
  const started = await startProcess({
    name: service,
    argv: [process.execPath, mainOf(service), '--config', config, `--web.config.file=${web}`],
    logFile: join(folder.path, `${service}.log`),
  });
  running.push(started);
  const options = { ca: authority.cert, cert: client?.cert, key: client?.key };
  const healthy = () => ask(`https://127.0.0.1:${port}/-/healthy`, options);
  await started.untilReady(async () => (await healthy().catch(() => undefined))?.status === 200);
  return port;
}
