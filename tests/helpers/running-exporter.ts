import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { parseMetrics } from './parse-metrics.ts';

const script = fileURLToPath(new URL('../../exporter/main.ts', import.meta.url));

/** The token that jobs report in with. */
export const TOKEN = 'a-token-for-tests';

/** The real exporter as a process, with a folder that outlives it. */
export interface RunningExporter {
  readonly folder: string;
  readonly url: string;
  readonly configFile: string;
  readonly process: () => RunningProcess;
  /** What it publishes of a job. */
  job(id: string): Promise<ReadonlyMap<string, number>>;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  log(): Promise<string>;
  remove(): Promise<void>;
}

/** How it is started. */
export interface ExporterOptions {
  /** The section `jobs` of steward.yml. */
  readonly jobs: string;
}

/** Starts it with jobs. */
export async function startExporterProcess(options: ExporterOptions): Promise<RunningExporter> {
  const folder = await createTempFolder('steward-jobs');
  const port = await freePort();
  const [url, configFile] = [`http://127.0.0.1:${port}`, join(folder.path, 'steward.yml')];
  await mkdir(join(folder.path, 'secrets'));
  await writeFile(join(folder.path, 'secrets/exporter_password'), 'pw', { mode: 0o600 });
  await writeFile(join(folder.path, 'secrets/ping_token'), TOKEN, { mode: 0o600 });
  await writeFile(
    configFile,
    `exporter: { listen: '127.0.0.1:${port}', url: '${url}' }\njobs:\n${options.jobs}`,
  );
  const logFile = join(folder.path, 'log');
  let running: RunningProcess;

  async function start(): Promise<void> {
    const argv = [process.execPath, script, '--config', configFile] as const;
    running = await startProcess({ name: 'exporter', argv: [...argv], logFile });
    await running.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
  }

  await start();
  return {
    folder: folder.path,
    url,
    configFile,
    start,
    process: () => running,
    async job(id) {
      const answer = await fetch(`${url}/probe?module=job&target=${id}`);
      return parseMetrics(await answer.text());
    },
    async kill() {
      running.kill('SIGKILL');
      await running.ended;
    },
    log: () => readFile(logFile, 'utf8'),
    async remove() {
      await running.stop();
      await folder.remove();
    },
  };
}
