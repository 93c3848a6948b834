import { existsSync, readFileSync, type StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { isRealFileSystem, parseMounts } from '../collectors/mounts.ts';
import { procFacts, type HostFacts } from './host-facts.ts';

/** Asks the sizes of the file system that is mounted at a path. */
export type AskSizes = (mountpoint: string) => Promise<StatsFs>;

/** A file system that does not answer within this time, such as one on a dead disk, is left out. */
const STATFS_TIMEOUT_MS = 300;
/** Where Debian and Ubuntu note that an update waits for a restart. */
const REBOOT_REQUIRED = '/run/reboot-required';

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

  async function fileSystemLine(mountpoint: string): Promise<string> {
    try {
      const sizes = await withinTime(sizesOf(mountpoint), STATFS_TIMEOUT_MS);
      if (sizes === undefined) return '';
      return `${sizes.bsize} ${sizes.blocks} ${sizes.bfree} ${sizes.bavail} ${sizes.files} ${sizes.ffree} ${mountpoint}\n`;
    } catch {
      // A mount point inside a folder that this account may not enter.
      return '';
    }
  }

  async function fileSystems(mounts: string): Promise<string> {
    const real = parseMounts(mounts).filter(isRealFileSystem);
    const lines = real.map(({ mountpoint }) => fileSystemLine(mountpoint));
    return (await Promise.all(lines)).join('');
  }

  return async () => {
    const facts = procFacts(readProc);
    return {
      ...facts,
      filesystems: await fileSystems(facts.mounts),
      isRebootRequired: existsSync(REBOOT_REQUIRED),
      clock: undefined,
    };
  };
}

/**
 * Reads at once, not by a thread: these files stand in the kernel's memory, and a thread costs several times what the reading does.
 * Undefined where the kernel does not have the file, or refuses to read it.
 */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
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
