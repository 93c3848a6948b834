import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
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

/** The tables of the kernel that fill up, and what it waits for. */
export function kernelPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Tables of the kernel in use',
        description:
          'Saturation: share of the files that may be open and of the connections that the firewall follows.',
        empty,
      },
      [
        {
          expr: `host_files_open{${chosen}} / host_files_open_limit{${chosen}}`,
          legend: '{{instance}} files',
        },
        {
          expr: `host_conntrack_entries{${chosen}} / host_conntrack_entries_limit{${chosen}}`,
          legend: '{{instance}} connections',
        },
      ],
      { unit: 'percentunit', max: 1 },
    ),
    stateTimeline(
      {
        title: 'Waits for you',
        description:
          'An update that waits for a restart of the host, or a clock that no time server keeps right.',
        empty,
      },
      [
        { expr: `host_reboot_required{${chosen}}`, legend: '{{instance}} restart' },
        { expr: `1 - host_clock_synchronized{${chosen}}`, legend: '{{instance}} clock' },
      ],
      { 0: { text: 'Fine', color: 'green' }, 1: { text: 'Waits', color: 'orange' } },
    ),
  ];
}

function perSecond(counter: string): string {
  return `sum by (job, instance) (rate(${counter}{${chosen}}[$__rate_interval]))`;
}
