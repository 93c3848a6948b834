import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';

/** A real VictoriaMetrics. */
export interface VictoriaMetrics {
  readonly url: string;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** What it asks for, as docs/scale.md says to start it: newest samples are not held back for longer than it must. */
export const USER = 'store';
/** Its password. */
export const PASSWORD = 'store-password';

/** Starts Debian's VictoriaMetrics in a folder. */
export async function startVictoriaMetrics(folder: string): Promise<VictoriaMetrics> {
  await mkdir(folder, { recursive: true });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const process = await startProcess({
    name: 'VictoriaMetrics',
    argv: [
      '/usr/bin/victoria-metrics',
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=${address}`,
      '-search.latencyOffset=1s',
      `-httpAuth.username=${USER}`,
      `-httpAuth.password=${PASSWORD}`,
      '-memory.allowedBytes=64MB',
    ],
    logFile: join(folder, 'log'),
    debianPackage: 'victoria-metrics',
  });
  await process.untilReady(async () => (await fetch(`${url}/health`)).ok);
  return { url, process, stop: () => process.stop() };
}
