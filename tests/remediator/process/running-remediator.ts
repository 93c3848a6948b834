import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { freePort } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Alert } from '../../../remediator/alerts/alert.ts';

/** A run, as the API tells it. */
export interface ShownRun {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly fingerprint: string;
  readonly alertname: string | null;
  readonly target: string | null;
  readonly alertStatus: string;
  readonly planHash: string | null;
  readonly events: readonly { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }[];
}

/** The remediator as it is run: a process of its own, on its own steward.yml and journal. */
export interface RunningRemediator {
  readonly process: RunningProcess;
  readonly url: string;
  /** Sends a webhook as Alertmanager does, and returns the status of the answer. */
  deliver(...alerts: readonly Alert[]): Promise<number>;
  /** The newest runs, 100 where it is not said how many. */
  runs(limit?: number): Promise<ShownRun[]>;
  /** Waits until the newest run is as is asked. */
  untilRun(condition: (run: ShownRun) => boolean): Promise<ShownRun>;
  untilClosed(): Promise<ShownRun>;
  /** Pauses it, or ends the pause. */
  pause(isPaused: boolean): Promise<void>;
  /** Writes steward.yml with changes. A running process has to be told. */
  configure(changes: object): Promise<void>;
  /** Answers a run that waits for approval. */
  answer(run: ShownRun, answer: 'approve' | 'deny'): Promise<void>;
  /** Starts another process on the same journal, by itself or by a program. The one before must have ended. */
  restart(prefix?: readonly string[]): Promise<RunningRemediator>;
}

/** What differs from test to test. */
export interface RemediatorOptions {
  readonly folder: string;
  /** Sections of steward.yml beside the remediator's own. */
  readonly inventory: object;
  /** Its own settings, beside its address. */
  readonly settings?: object;
  /** Secrets of those, by the names of their files. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** A program that starts it, such as prlimit. */
  readonly prefix?: readonly string[];
  /** The program itself, where it is not the source's. */
  readonly main?: string;
  /** Flags for Node. */
  readonly flags?: readonly string[];
}

const TOKEN = 'webhook-token';
const PASSWORD = 'remediator-password';
const MAIN = fileURLToPath(new URL('../../../remediator/main.ts', import.meta.url));

/** Writes steward.yml and its secrets, and starts the process. */
export async function startRemediator(options: RemediatorOptions): Promise<RunningRemediator> {
  const { folder, settings = {}, secrets = {} } = options;
  const port = await freePort();
  await mkdir(join(folder, 'secrets'), { recursive: true });
  for (const [name, text] of [
    ['webhook_token', TOKEN],
    ['remediator_password', PASSWORD],
    ['prometheus_password', 'any'],
    ['exporter_password', 'any'],
    ...Object.entries(secrets),
  ] as const) {
    await writeFile(join(folder, 'secrets', name), text);
  }
  const configure = (changes: object) =>
    writeFile(
      join(folder, 'steward.yml'),
      dump({
        ...options.inventory,
        remediator: {
          listen: `127.0.0.1:${port}`,
          external_url: `http://127.0.0.1:${port}`,
          ...settings,
        },
        ...changes,
      }),
    );
  await configure({});
  return start(options, `http://127.0.0.1:${port}`, configure);
}

async function start(
  { folder, prefix = [], main = MAIN, flags = [] }: RemediatorOptions,
  url: string,
  configure: RunningRemediator['configure'],
): Promise<RunningRemediator> {
  const child = await startProcess({
    name: 'remediator',
    argv: ['env', ...prefix, process.execPath, ...flags, main, '--config', join(folder, 'steward.yml')],
    logFile: join(folder, 'remediator.log'),
  });
  await child.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
  const authorization = `Basic ${Buffer.from(`steward:${PASSWORD}`).toString('base64')}`;
  const runs = async (limit = 100) => {
    const response = await fetch(`${url}/api/runs?limit=${limit}`, { headers: { authorization } });
    return ((await response.json()) as { runs: ShownRun[] }).runs;
  };
  const untilRun = async (condition: (run: ShownRun) => boolean) =>
    waitUntil(
      async () => {
        const [run] = await runs();
        return run !== undefined && condition(run) && run;
      },
      { what: 'the run', explain: () => child.logTail() },
    );
  const post = async (path: string, body: object) => {
    const headers = { authorization, 'content-type': 'application/json' };
    await fetch(`${url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  return {
    process: child,
    url,
    async deliver(...alerts) {
      const response = await fetch(`${url}/webhook`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ version: '4', alerts }),
      });
      await response.text();
      return response.status;
    },
    runs,
    untilRun,
    untilClosed: () => untilRun(({ state }) => state === 'closed'),
    configure,
    pause: (isPaused) => post(isPaused ? 'pause' : 'pause/end', { by: 'test' }),
    answer: ({ id, planHash }, answer) => post(`runs/${id}/answer`, { answer, plan: planHash, by: 'test' }),
    restart: (by = []) => start({ folder, inventory: {}, prefix: by, main, flags }, url, configure),
  };
}
