import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { shippedConfiguration } from './programs.ts';

/** An alert as Alertmanager's API shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly inhibitedBy: readonly string[] };
}

/** A real Alertmanager with the shipped configuration, its remediator replaced by an address of the test. */
export class RunningAlertmanager {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#process = child;
    this.#folder = folder;
    this.#url = url;
  }

  /** Starts it and waits until it is ready. */
  static async start(server: string, webhook: string, token: string): Promise<RunningAlertmanager> {
    const folder = await mkdtemp(path.join(tmpdir(), 'steward-alertmanager-'));
    const configuration = path.join(folder, 'alertmanager.yml');
    const text = await readFile(shippedConfiguration, 'utf8');
    await writeFile(path.join(folder, 'webhook_token'), token);
    await writeFile(
      configuration,
      text.replace('http://remediator:9841/webhook', webhook).replace('/run/secrets', folder),
    );
    const address = `127.0.0.1:${await freePort()}`;
    // It ends with the test run, however that ends.
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig=KILL',
        server,
        `--config.file=${configuration}`,
        `--storage.path=${path.join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    const started = new RunningAlertmanager(child, folder, `http://${address}`);
    try {
      await waitUntil('Alertmanager is ready', () => started.#isReady());
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** Reports alerts as Prometheus does. */
  async fire(...alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const response = await fetch(`${this.#url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels }))),
    });
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`);
  }

  /** Every alert that it knows. */
  async alerts(): Promise<ShownAlert[]> {
    const response = await fetch(`${this.#url}/api/v2/alerts`);
    return (await response.json()) as ShownAlert[];
  }

  /** Ends it, and removes what it wrote. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.pid !== undefined) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error(`Alertmanager ended with ${this.#process.exitCode}`);
    const response = await fetch(`${this.#url}/-/ready`).catch(() => undefined);
    return response?.ok === true;
  }
}

/** Asks again and again until the answer is yes; throws after ten seconds. */
export async function waitUntil(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited ten seconds in vain until ${what}`);
    await pause(25);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
