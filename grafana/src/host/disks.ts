import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';
import { pressure } from './processor.ts';

const empty = 'No hosts in steward.yml';

/** How full the disks are. */
export function diskPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Disk free',
        description: 'Share of each file system that an ordinary account can still have.',
        empty,
      },
      [
        {
          expr: `host_filesystem_avail_bytes{${chosen}} / host_filesystem_size_bytes{${chosen}}`,
          legend: '{{instance}} {{mountpoint}}',
        },
      ],
      { unit: 'percentunit', max: 1, limit: thresholds.diskFreeRatio },
    ),
    lines(
      {
        title: 'Inodes free',
        description:
          'Share of the files that each file system can still take. At 0 nothing is written, space or not.',
        empty,
      },
      [
        {
          expr: `host_filesystem_files_free{${chosen}} / (host_filesystem_files{${chosen}} > 0)`,
          legend: '{{instance}} {{mountpoint}}',
        },
      ],
      { unit: 'percentunit', max: 1, limit: thresholds.inodesFreeRatio },
    ),
  ];
}

/** How busy the disks are, and what they do. */
export function diskWorkPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Disk busy',
        description: 'Utilisation: share of the time that the disk had something to do.',
        empty,
      },
      [
        {
          expr: `rate(host_disk_io_time_seconds_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}} {{device}}',
        },
      ],
      { unit: 'percentunit', max: 1 },
    ),
    lines(
      {
        title: 'Programs waiting for disks',
        description: 'Saturation: share of the time that a program, or all of them, waited for a disk.',
        empty: 'No host with pressure stall information',
      },
      [
        { expr: pressure('io', 'waiting'), legend: '{{instance}} some' },
        { expr: pressure('io', 'stalled'), legend: '{{instance}} all' },
      ],
      { unit: 'percentunit', limit: thresholds.diskStalledRatio },
    ),
    lines(
      { title: 'Read and written', description: 'Bytes a second of all disks of a host together.', empty },
      [
        { expr: traffic('host_disk_read_bytes_total'), legend: '{{instance}} read' },
        { expr: traffic('host_disk_written_bytes_total'), legend: '{{instance}} written' },
      ],
      { unit: 'Bps' },
    ),
    stateTimeline(
      {
        title: 'Mounted read-only',
        description: 'Errors: the kernel mounts a file system read-only when its disk fails.',
        empty,
      },
      [{ expr: `host_filesystem_readonly{${chosen}}`, legend: '{{instance}} {{mountpoint}}' }],
      { 0: { text: 'Writable', color: 'green' }, 1: { text: 'Read-only', color: 'red' } },
    ),
  ];
}

function traffic(counter: string): string {
  return `sum by (job, instance) (rate(${counter}{${chosen}}[$__rate_interval]))`;
}
