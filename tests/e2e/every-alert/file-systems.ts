import { join } from 'node:path';

/** What the host has beside its own: one of two gigabytes that are a hole, one with few inodes, and one that will become read-only. */
const images = [
  { mountPoint: '/srv', size: '2G', options: '' },
  { mountPoint: '/mnt', size: '32M', options: '-N 128' },
  { mountPoint: '/media', size: '32M', options: '' },
] as const;

/** Starts a program where these file systems are mounted, and where what runs on this machine keeps in /run is not seen. */
export function fileSystems(folder: string): readonly string[] {
  const mounts = images.map(({ mountPoint, size, options }) => {
    const image = join(folder, `${mountPoint.slice(1)}.img`);
    return `rm -f '${image}'
      truncate -s ${size} '${image}'
      mkfs.ext4 -q -m 0 ${options} '${image}'
      mount -o loop '${image}' ${mountPoint}`;
  });
  const script = `set -e
    mount -t tmpfs tmpfs /run
    mkdir -p /run/sshd
    ${mounts.join('\n')}
    exec "$@"`;
  return ['sh', '-c', script, 'sh'];
}

/** A script that has a file of the host say something else, such as one of /proc: what a machine would have to be broken for. */
export function saysInstead(file: string, program: string): string {
  return `text=$(${program})
    fake=$(mktemp /run/says-XXXXXX)
    printf '%s\\n' "$text" >"$fake"
    chmod --reference=${file} "$fake"
    mount --bind "$fake" ${file}\n`;
}
