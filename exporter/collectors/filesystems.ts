import type { Collector } from '../collector.ts';
import { gauge, sample, type MetricDescriptor, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';
import { isRealFileSystem, parseMounts } from './mounts.ts';

const labels = ['mountpoint', 'fstype', 'device'] as const;
type FileSystemMetric = MetricDescriptor<(typeof labels)[number]>;

/** Six numbers, and the mount point. */
const SIZES = /^((?:\d{1,20} ){6})(.+)$/gm;
/** Each has six series; a host with more is not believed to the end. */
const MAX_FILE_SYSTEMS = 64;

const readOnly = gauge(
  'host_filesystem_readonly',
  'Whether the file system is mounted read-only, 0 or 1.',
  labels,
);

/** A metric, and how it follows from block size, blocks, free, available, files and files free. */
const sizes: readonly (readonly [FileSystemMetric, (numbers: readonly number[]) => number])[] = [
  [
    gauge('host_filesystem_size_bytes', 'Size of the file system, in bytes.', labels),
    (n) => at(n, 1) * at(n, 0),
  ],
  [gauge('host_filesystem_free_bytes', 'Free space, in bytes.', labels), (n) => at(n, 2) * at(n, 0)],
  [
    gauge('host_filesystem_avail_bytes', 'Free space that ordinary accounts can use, in bytes.', labels),
    (n) => at(n, 3) * at(n, 0),
  ],
  [
    gauge('host_filesystem_files', 'Inodes of the file system; 0 where it does not count them.', labels),
    (n) => at(n, 4),
  ],
  [gauge('host_filesystem_files_free', 'Free inodes.', labels), (n) => at(n, 5)],
];

/** Space, inodes and read-only state of the file systems on disks. One that does not answer in time has no sizes. */
export const filesystems: Collector<HostTarget> = {
  name: 'filesystems',
  metrics: [readOnly, ...sizes.map(([metric]) => metric)],
  collect: async ({ facts }, signal) => parseFileSystems(await facts(signal)),
};

/** Joins /proc/mounts with the sizes that were asked for each mount point. */
export function parseFileSystems(facts: { readonly mounts: string; readonly filesystems: string }): Sample[] {
  const numbers = new Map([...facts.filesystems.matchAll(SIZES)].map(parseSizes));
  return parseMounts(facts.mounts)
    .filter(isRealFileSystem)
    .slice(0, MAX_FILE_SYSTEMS)
    .flatMap(({ mountpoint, type, device, isReadOnly }) => {
      const where = { mountpoint, fstype: type, device };
      const found = numbers.get(mountpoint);
      return [
        sample(readOnly, isReadOnly ? 1 : 0, where),
        ...(found === undefined
          ? []
          : sizes.map(([metric, valueOf]) => sample(metric, valueOf(found), where))),
      ];
    });
}

function parseSizes([, numbers = '', mountpoint = '']: RegExpExecArray): [string, readonly number[]] {
  return [mountpoint, numbers.trim().split(' ').map(Number)];
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Number.NaN;
}
