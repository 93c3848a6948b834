import { setTimeout as delay } from 'node:timers/promises';
import { readSecret, Secret } from '../inventory/secret.ts';
import { CommandError } from './command.ts';
import { reportingEnvironment } from './config.ts';
import { loadGood } from './load.ts';

/** Where a job reports, and with what. */
interface Exporter {
  readonly url: string;
  readonly token: Secret;
}

/** Tells the exporter of one run of a job. */
export interface Reporter {
  /** Rejects with a CommandError where it could not be told. */
  report(word: 'start' | number): Promise<void>;
}

const TIMEOUT_MS = 5000;
/** An end is worth more than one try: the exporter may just be starting again. */
const PAUSES_MS = [1000, 3000];

/**
 * Finds the exporter: from STEWARD_URL and STEWARD_TOKEN where both are set, otherwise from steward.yml. Rejects where neither says it.
 */
export async function findExporter(configFile: string): Promise<Exporter> {
  const { url, token } = reportingEnvironment();
  if (url !== undefined && token !== undefined) {
    if (URL.canParse(url)) return { url, token: new Secret(token) };
    throw new CommandError('STEWARD_URL is no address; write it as https://steward.example.com');
  }
  const { inventory, resolveFile } = await loadGood(configFile);
  const { url: internal, ping_token_file } = inventory.exporter;
  return { url: url ?? internal, token: await readSecret(resolveFile(ping_token_file)) };
}

/** Makes a reporter for one run. */
export function createReporter({ url, token }: Exporter, job: string, runId: string): Reporter {
  const base = url.replace(/\/+$/, '');

  async function report(word: 'start' | number): Promise<void> {
    const headers = { authorization: `Bearer ${token.reveal()}` };
    const address = `${base}/ping/${encodeURIComponent(job)}/${word}?rid=${runId}`;
    const pauses = word === 'start' ? [] : PAUSES_MS;
    for (const pauseMs of [...pauses, undefined]) {
      const problem = await problemOf(address, headers);
      if (problem === undefined) return;
      if (pauseMs === undefined || !problem.mayPass) throw new CommandError(problem.text);
      await delay(pauseMs);
    }
  }

  return { report };
}

interface Problem {
  readonly text: string;
  /** Whether trying again may help. */
  readonly mayPass: boolean;
}

async function problemOf(address: string, headers: Record<string, string>): Promise<Problem | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(address, { method: 'POST', headers, signal, redirect: 'error' });
    const text = (await answer.text()).trim().slice(0, 200);
    if (answer.ok) return undefined;
    return { text: `${answer.status} ${text}`, mayPass: answer.status >= 500 || answer.status === 429 };
  } catch (error) {
    return { text: reasonOf(error), mayPass: true };
  }
}

/** What fetch says itself is "fetch failed"; why stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
