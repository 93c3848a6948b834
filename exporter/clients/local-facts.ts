import { existsSync, readFileSync, type StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { isRealFileSystem, parseMounts } from '../collectors/mounts.ts';
import { CollectorError } from '../collector-error.ts';
import { procFacts, type HostFacts } from './host-facts.ts';

/** Asks the sizes of the file system that is mounted at a path. */
export type AskSizes = (mountpoint: string) => Promise<StatsFs>;

/** A file system that does not answer within this time, such as one on a dead disk, is left out. */
const STATFS_TIMEOUT_MS = 300;
/** Where Debian and Ubuntu note that an update waits for a restart. */
const REBOOT_REQUIRED = '/run/reboot-required';

/**
 * What the kernel tells each process of its own namespaces is that of a container, and not of the machine. Its first process has the machine's;
 * how many connections its firewall follows is told to nobody outside.
 */
const FIRST_PROCESS: Readonly<Record<string, string>> = {
  '/proc/net/dev': '/proc/1/net/dev',
  '/proc/mounts': '/proc/1/mounts',
};
const OF_ITS_OWN = '/proc/sys/net/';

/** Which machine is read. */
interface LocalFactsOptions {
  /** Where its root is mounted; left out, it is the machine of this process. */
  readonly root?: string | undefined;
  readonly askSizes?: AskSizes;
}

/**
 * Makes a reader of what the kernel of this process's own machine says, also from inside a container. It starts no program. What hangs in the kernel holds a
 * thread until it ends, and Node has four of them, so that a file system which has not answered is not asked a second time
 * before it has.
 */
export function createLocalFactsReader({
  root = '',
  askSizes = statfs,
}: LocalFactsOptions = {}): () => Promise<HostFacts> {
  const underWay = new Map<string, Promise<StatsFs>>();

  function sizesOf(mountpoint: string): Promise<StatsFs> {
    const asked = underWay.get(mountpoint) ?? askSizes(mountpoint).finally(() => underWay.delete(mountpoint));
    underWay.set(mountpoint, asked);
    return asked;
  }

  async function fileSystemLine(mountpoint: string): Promise<string> {
    try {
      const sizes = await withinTime(sizesOf(`${root}${mountpoint}`), STATFS_TIMEOUT_MS);
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
    if (root !== '') requireFirstProcess(root);
    const facts = procFacts((path) => (root === '' ? readProc(path) : readMountedProc(root, path)));
    return {
      ...facts,
      filesystems: await fileSystems(facts.mounts),
      isRebootRequired: existsSync(`${root}${REBOOT_REQUIRED}`),
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

/** The same of a machine whose root is mounted at a folder. */
function readMountedProc(root: string, path: string): string | undefined {
  return path.startsWith(OF_ITS_OWN) ? undefined : readProc(`${root}${FIRST_PROCESS[path] ?? path}`);
}

function requireFirstProcess(root: string): void {
  if (existsSync(`${root}/proc/1/mounts`)) return;
  throw new CollectorError(
    'refused',
    `nothing is to be seen of ${root}/proc/1: docs/this-machine.md says how a machine is mounted there`,
  );
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
