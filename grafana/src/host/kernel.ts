import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No hosts in steward.yml';

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
      { unit: 'percentunit', max: 1, limit: thresholds.kernelTableRatio },
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

/** Whether the host keeps its time, and when it was restarted. */
export function clockPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Clock is wrong by',
        description:
          'How far the clock is off the one of the exporter, for certain. Beyond the line logins and logs suffer.',
        empty,
      },
      [
        {
          expr: `clamp_min(abs(host_clock_difference_seconds{${chosen}}) - host_clock_difference_error_seconds{${chosen}}, 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.clockSecondsOff },
    ),
    lines(
      {
        title: 'Since the last restart',
        description:
          'How long the host has run. A line that falls to 0 is a restart; look for its cause where it was not you.',
        empty,
      },
      [{ expr: `time() - host_boot_time_seconds{${chosen}}`, legend: '{{instance}}' }],
      { unit: 's' },
    ),
  ];
}
