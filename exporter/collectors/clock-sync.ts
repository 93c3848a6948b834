import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const synchronized = gauge(
  'host_clock_synchronized',
  'Whether a time server keeps the clock of the host right, as systemd or chrony there says, 0 or 1. Read every five minutes.',
);

/** timedatectl starts a service, which costs more than all else that a scrape asks. */
const INTERVAL_MS = 5 * 60 * 1000;
const TIMEOUT_SECONDS = 20;

/** Whether a host's clock is kept right. One without systemd and chrony cannot tell. */
export const clockSync: Collector<HostTarget> = {
  name: 'clock-sync',
  metrics: [synchronized],
  background: {
    intervalMs: INTERVAL_MS,
    metrics: [synchronized],
    read: async ({ host }, signal) => parseClockSync(await askClock(host, signal)),
  },
};

async function askClock(host: Host, signal: AbortSignal): Promise<string> {
  if (host.kind === 'ssh') {
    const outcome = await callVerb(host, { verb: 'host-clock', timeoutSeconds: TIMEOUT_SECONDS, signal });
    return printedBy(outcome).toString();
  }
  const argv = ['timedatectl', 'show', '--property=NTPSynchronized'] as const;
  const outcome = await host.run({ argv, timeoutSeconds: TIMEOUT_SECONDS, signal });
  // In a container there is no systemd to ask.
  return outcome.kind === 'succeeded' ? printedBy(outcome).toString() : '';
}

/** The last of the fourteen fields that `chronyc -c tracking` prints is the leap status (chronyc(1)). */
const CHRONY_FIELDS = 14;

/** Reads what `timedatectl show --property=NTPSynchronized` or `chronyc -c tracking` prints. */
export function parseClockSync(text: string): Sample[] {
  const line = text.trim();
  if (line === '') throw new NoDataError('the host cannot tell');
  const answer = /^NTPSynchronized=(yes|no)$/.exec(line)?.[1];
  if (answer !== undefined) return [sample(synchronized, answer === 'yes' ? 1 : 0)];
  const fields = line.split(',');
  if (fields.length !== CHRONY_FIELDS) {
    throw new CollectorError('bad_answer', 'neither timedatectl nor chronyc writes so');
  }
  return [sample(synchronized, fields.at(-1) === 'Not synchronised' ? 0 : 1)];
}
