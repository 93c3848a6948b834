import { fileURLToPath } from 'node:url';
import { runCommand } from '../../../lab/parts/run-command.ts';
import type { Load, LoadResult } from './load.ts';

const GENERATOR = fileURLToPath(new URL('load-generator.ts', import.meta.url));

/** Sends a load from a process of its own, and rejects where any request got another answer than the one that is expected. */
export async function sendLoad(load: Load, expectedStatus: string): Promise<LoadResult> {
  const { stdout } = await runCommand([process.execPath, GENERATOR, JSON.stringify(load)], {
    timeoutMs: load.seconds * 1000 + 120_000,
  });
  const result = JSON.parse(stdout) as LoadResult;
  const statuses = Object.keys(result.statuses);
  if (statuses.length !== 1 || statuses[0] !== expectedStatus)
    throw new Error(`expected ${expectedStatus} alone, and got ${JSON.stringify(result.statuses)}`);
  return result;
}

/** How many requests were answered in a second. */
export function answeredPerSecond({ statuses, seconds }: LoadResult): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0) / seconds;
}
