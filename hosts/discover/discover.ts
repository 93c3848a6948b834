import { readFile } from 'node:fs/promises';
import { HostError, type Host } from '../host.ts';
import { readRecords, type DiscoveryRecords } from './records.ts';

const TIMEOUT_SECONDS = 240;
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/** As root where sudo lets this account without a password, so that other accounts' folders are seen, too. */
const SHELL = 'if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then exec sudo -n sh -s; fi; exec sh -s';

/** The text that is run on a host. */
export function discoverScript(): Promise<string> {
  return readFile(new URL('discover.sh', import.meta.url), 'utf8');
}

/** Looks at what runs on a host, and changes nothing there. Rejects with a HostError where it cannot be asked. */
export async function discover(host: Host, signal?: AbortSignal): Promise<DiscoveryRecords> {
  const outcome = await host.run({
    argv: ['sh', '-c', SHELL],
    stdin: await discoverScript(),
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  const records = readRecords(outcome.stdout);
  // What came before the time ran out is worth showing.
  if (records !== undefined) return records;
  if (outcome.kind === 'failed' && outcome.code !== undefined)
    throw new HostError(outcome.code, outcome.reason);
  const reason = outcome.kind === 'succeeded' ? 'it printed something else' : outcome.reason;
  const [complaint = ''] = outcome.stderr.toString().trim().split('\n');
  throw new HostError(
    'bad_answer',
    `the script that looks around gave no answer: ${reason} ${complaint}`.trim(),
  );
}
