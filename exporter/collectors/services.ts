import { callVerb } from '../../hosts/call-verb.ts';
import { serviceManagers } from '../../hosts/service-managers/service-managers.ts';
import type { ServiceEntry } from '../../inventory/schema/host.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const serviceUp = gauge(
  'host_service_up',
  'Whether the service runs, as its manager says, 0 or 1. Only the services that steward.yml names.',
  ['name', 'manager'],
);

const TIMEOUT_SECONDS = 10;

/** The states of the services that steward.yml names, in one round trip. */
export const services: Collector<HostTarget> = {
  name: 'services',
  metrics: [serviceUp],
  async collect({ entry, host }, signal) {
    if (entry.services.length === 0) throw new NoDataError('steward.yml names no service');
    const outcome = await callVerb(host, { verb: 'services', timeoutSeconds: TIMEOUT_SECONDS, signal });
    return parseServices(printedBy(outcome).toString(), entry.services);
  },
};

/** Reads the answer of `services`: sections of `== <exit code> <names>` and what the manager of these services printed. */
export function parseServices(text: string, entries: readonly ServiceEntry[]): Sample[] {
  const answers = text
    .split(/^== /m)
    .slice(1)
    .map((section) => {
      const [head = '', ...lines] = section.split('\n');
      const [exitCode, ...names] = head.split(' ');
      return { exitCode: Number(exitCode), names, lines };
    });
  return entries.map(({ name, manager }) => {
    const answer = answers.find(({ names }) => names.includes(name));
    if (answer === undefined) {
      throw new CollectorError(
        'bad_answer',
        `the host says nothing of ${name}; run \`steward host harden\` there again after a change of its services`,
      );
    }
    return sample(serviceUp, serviceManagers[manager].isUp(name, answer) ? 1 : 0, { name, manager });
  });
}
