import type { OsInfo } from '../clients/os-info.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { gauge, sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const info = gauge(
  'host_os_info',
  'The operating system of the machine that the exporter runs on, read when the exporter started; always 1.',
  ['distribution', 'release', 'kernel', 'architecture'],
);

/** Makes the collector of what runs on the exporter's own machine; other hosts are not asked. */
export function createOperatingSystemCollector(read: () => Promise<OsInfo>): Collector<HostTarget> {
  return {
    name: 'operating-system',
    metrics: [info],
    async collect({ host }) {
      if (host.kind !== 'local') throw new NoDataError('only the exporter’s own machine is asked');
      return [sample(info, 1, { ...(await read()) })];
    },
  };
}
