import type { Collector } from '../collector.ts';
import { counter, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

/** A metric, and its column in /proc/net/dev behind the name of the interface. */
const columns = [
  [0, counter('host_network_receive_bytes_total', 'Bytes received since boot.', ['device'])],
  [2, counter('host_network_receive_errors_total', 'Packets received with a fault since boot.', ['device'])],
  [3, counter('host_network_receive_dropped_total', 'Packets received and dropped since boot.', ['device'])],
  [8, counter('host_network_transmit_bytes_total', 'Bytes sent since boot.', ['device'])],
  [
    10,
    counter('host_network_transmit_errors_total', 'Packets that could not be sent since boot.', ['device']),
  ],
  [
    11,
    counter('host_network_transmit_dropped_total', 'Packets dropped instead of sent since boot.', ['device']),
  ],
] as const;

/** Interfaces that containers and bridges make and drop: their series would never end. */
const PASSING = /^(veth|br-|cali|cni)/;

/** Each has six series; a host with more is not believed to the end. */
const MAX_INTERFACES = 64;

/** Traffic of the network interfaces, without those of single containers. */
export const network: Collector<HostTarget> = {
  name: 'network',
  metrics: columns.map(([, metric]) => metric),
  collect: async ({ facts }, signal) => parseNetwork((await facts(signal)).netDev),
};

/** Reads /proc/net/dev (proc(5)). The kernel's limit for the name of an interface is 15 bytes. */
export function parseNetwork(netDev: string): Sample[] {
  return [...netDev.matchAll(/^ *([^\s:]{1,15}): *((?:\d+ *){12,})$/gm)]
    .filter(([, device = '']) => !PASSING.test(device))
    .slice(0, MAX_INTERFACES)
    .flatMap(([, device = '', rest = '']) => {
      const values = rest.trim().split(/ +/).map(Number);
      return columns.map(([index, metric]) => sample(metric, values[index] ?? 0, { device }));
    });
}
