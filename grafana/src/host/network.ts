import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'No hosts in steward.yml';

/** The network. */
export function networkPanels(): AnyPanel[] {
  return [
    lines(
      { title: 'Received and sent', description: 'Bytes a second of all network devices together.', empty },
      [
        { expr: perSecond('host_network_receive_bytes_total'), legend: '{{instance}} received' },
        { expr: perSecond('host_network_transmit_bytes_total'), legend: '{{instance}} sent' },
      ],
      { unit: 'Bps' },
    ),
    lines(
      {
        title: 'Packets with faults',
        description: 'Errors: packets a second that were faulty or dropped, in both directions.',
        empty,
      },
      [
        {
          expr: `${perSecond('host_network_receive_errors_total')} + ${perSecond('host_network_transmit_errors_total')}`,
          legend: '{{instance}} faulty',
        },
        {
          expr: `${perSecond('host_network_receive_dropped_total')} + ${perSecond('host_network_transmit_dropped_total')}`,
          legend: '{{instance}} dropped',
        },
      ],
      { unit: 'pps' },
    ),
  ];
}

function perSecond(counter: string): string {
  return `sum by (job, instance) (rate(${counter}{${chosen}}[$__rate_interval]))`;
}
