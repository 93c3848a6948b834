/** A line of /proc/mounts. */
export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly isReadOnly: boolean;
}

/** File systems that keep files on a disk. Others have no size that could run out, or hang when their server does. */
const REAL_TYPES: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'vfat',
  'overlay',
]);

/** Where Docker and Podman mount the layers of each container: views of a file system that is measured already, and passing. */
const LAYERS = /^\/var\/lib\/(docker|containers\/storage)\//;

/** A name that is longer is nobody's, and one with a new line would end the line of an answer. */
const NAME = /^.{1,255}$/;

/** Says whether a mount is of a file system that is worth measuring: those on disks, and memory that stands in for one at /tmp. */
export function isRealFileSystem({ type, mountpoint }: Mount): boolean {
  if (type === 'tmpfs') return mountpoint === '/tmp';
  return REAL_TYPES.has(type) && !LAYERS.test(mountpoint) && NAME.test(mountpoint);
}

/** Reads /proc/mounts (fstab(5)). Of several mounts on one point the last counts, as it covers the others. */
export function parseMounts(text: string): Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device, written, type, options] = line.split(' ');
    if (device === undefined || written === undefined || type === undefined || options === undefined)
      continue;
    mounts.set(written, {
      device: unescaped(device),
      mountpoint: unescaped(written),
      type,
      isReadOnly: options.split(',').includes('ro'),
    });
  }
  return [...mounts.values()];
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
