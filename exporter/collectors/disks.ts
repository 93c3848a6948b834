import type { Collector } from '../collector.ts';
import { counter, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const SECTOR_BYTES = 512;
const MILLISECOND = 0.001;
const labels = ['device'] as const;

/** A metric, its column in /proc/diskstats behind the name of the device, and the unit of that column. */
const columns = [
  [0, 1, counter('host_disk_reads_completed_total', 'Reads that ended since boot.', labels)],
  [2, SECTOR_BYTES, counter('host_disk_read_bytes_total', 'Bytes read since boot.', labels)],
  [
    3,
    MILLISECOND,
    counter('host_disk_read_time_seconds_total', 'Time that all reads together took, in seconds.', labels),
  ],
  [4, 1, counter('host_disk_writes_completed_total', 'Writes that ended since boot.', labels)],
  [6, SECTOR_BYTES, counter('host_disk_written_bytes_total', 'Bytes written since boot.', labels)],
  [
    7,
    MILLISECOND,
    counter('host_disk_write_time_seconds_total', 'Time that all writes together took, in seconds.', labels),
  ],
  [
    9,
    MILLISECOND,
    counter(
      'host_disk_io_time_seconds_total',
      'Time in which the disk had something to do, in seconds.',
      labels,
    ),
  ],
  [
    10,
    MILLISECOND,
    counter(
      'host_disk_io_time_weighted_seconds_total',
      'Time in which the disk had something to do times what was under way, in seconds.',
      labels,
    ),
  ],
] as const;

/** A disk in memory, a file or a drive for media: none of them fills or wears as a disk does. */
const NOT_A_DISK = /^(loop|ram|zram|fd|sr)\d/;
/** More than any web server has; a host that says more is not believed to the end. */
const MAX_DISKS = 64;

/** What the disks did. Whole devices only: what a partition does is part of that. */
export const disks: Collector<HostTarget> = {
  name: 'disks',
  metrics: columns.map(([, , metric]) => metric),
  collect: async ({ facts }, signal) => parseDisks((await facts(signal)).diskstats),
};

/** Reads /proc/diskstats (proc(5), and the kernel's Documentation/admin-guide/iostats.rst). Never-used devices are left out. */
export function parseDisks(diskstats: string): Sample[] {
  const lines = [...diskstats.matchAll(/^ *\d+ +\d+ ([\w!.:-]{1,64})((?: \d+){11,})$/gm)];
  const names = new Set(lines.map(([, name = '']) => name));
  return lines
    .map(([, device = '', rest = '']) => ({ device, values: rest.trim().split(' ').map(Number) }))
    .filter(({ device, values }) => isDisk(device, names) && values.some((value) => value > 0))
    .slice(0, MAX_DISKS)
    .flatMap(({ device, values }) =>
      columns.map(([index, unit, metric]) => sample(metric, (values[index] ?? 0) * unit, { device })),
    );
}

/** The kernel names a partition after its disk, with a "p" between where the name of the disk ends in a digit. */
function isDisk(device: string, names: ReadonlySet<string>): boolean {
  if (NOT_A_DISK.test(device)) return false;
  const disk = /^(.*\d)p\d+$/.exec(device)?.[1] ?? /^(.*\D)\d+$/.exec(device)?.[1];
  return disk === undefined || !names.has(disk);
}
