import { readFile, statfs } from 'node:fs/promises';
import type { StatsFs } from 'node:fs';
import { isRealFileSystem, parseMounts } from '../collectors/mounts.ts';
import type { HostFacts } from './host-facts.ts';

/** Asks the sizes of the file system that is mounted at a path. */
export type AskSizes = (mountpoint: string) => Promise<StatsFs>;

/** A file system that does not answer within this time, such as one on a dead disk, is left out. */
const STATFS_TIMEOUT_MS = 300;

/**
 * Makes a reader of what the kernel of this process's own machine says. It starts no program. What hangs in the kernel holds a
 * thread until it ends, and Node has four of them, so that a file system which has not answered is not asked a second time
 * before it has.
 */
export function createLocalFactsReader(askSizes: AskSizes = statfs): () => Promise<HostFacts> {
  const underWay = new Map<string, Promise<StatsFs>>();

  function sizesOf(mountpoint: string): Promise<StatsFs> {
    const asked = underWay.get(mountpoint) ?? askSizes(mountpoint).finally(() => underWay.delete(mountpoint));
    underWay.set(mountpoint, asked);
    return asked;
  }

  async function fileSystemLine(mountpoint: string, written: string): Promise<string> {
    try {
      const sizes = await withinTime(sizesOf(mountpoint), STATFS_TIMEOUT_MS);
      if (sizes === undefined) return '';
      return `${sizes.bsize} ${sizes.blocks} ${sizes.bfree} ${sizes.bavail} ${sizes.files} ${sizes.ffree} ${written}\n`;
    } catch {
      // A mount point inside a folder that this account may not enter.
      return '';
    }
  }

  async function fileSystems(mounts: string): Promise<string> {
    const real = parseMounts(mounts).filter(isRealFileSystem);
    const lines = real.map(({ mountpoint, written }) => fileSystemLine(mountpoint, written));
    return (await Promise.all(lines)).join('');
  }

  return async () => {
    const mounts = await readProc('self/mounts');
    const [stat, meminfo, loadavg, uptime, netDev, filesystems] = await Promise.all([
      readProc('stat'),
      readProc('meminfo'),
      readProc('loadavg'),
      readProc('uptime'),
      readProc('net/dev'),
      fileSystems(mounts),
    ]);
    return { stat, meminfo, loadavg, uptime, netDev, mounts, filesystems };
  };
}

function readProc(name: string): Promise<string> {
  return readFile(`/proc/${name}`, 'utf8');
}

async function withinTime<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
