import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { atMost, quantile, type Figure } from '../figure.ts';
import { startBrokenSites } from './broken-sites.ts';
import { numberedAlert } from './load.ts';

const WARM_UP = 20;
const ALERTS = 100;

/**
 * From the sending of a webhook to the start of its command on the host, one alert after the other, with everything warm. Between the two are the
 * commit, the decision, the questions to Prometheus, the commit of the start, and SSH.
 */
export async function measureCommandStart(folder: string): Promise<Figure[]> {
  await using sites = await startBrokenSites(`${folder}/start`, WARM_UP + ALERTS);
  const { remediator } = sites.receiver;
  const times: number[] = [];
  for (let number = 0; number < WARM_UP + ALERTS; number += 1) {
    const sentAt = Date.now();
    await remediator.deliver({ ...numberedAlert(number), status: 'firing' });
    await sites.host.untilCalled(number + 1);
    const startedAt = (await sites.host.startTimes()).at(-1);
    if (startedAt === undefined) throw new Error('no command was started');
    times.push(startedAt - sentAt);
    await waitUntil(async () => (await remediator.runs(1))[0]?.state === 'closed', {
      what: 'the run to end',
    });
  }
  const warm = times.slice(WARM_UP);
  return [
    atMost('webhook to the start of its command, p50', 'ms', 30, quantile(warm, 0.5), ALERTS),
    atMost('webhook to the start of its command, p99', 'ms', 150, quantile(warm, 0.99), ALERTS),
  ];
}
