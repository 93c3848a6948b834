import { readFile, statfs } from 'node:fs/promises';
import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import { isRealFileSystem, parseMounts } from '../collectors/mounts.ts';

/** What the kernel of a host says, as text, in the formats of proc(5). */
export interface HostFacts {
  readonly stat: string;
  readonly meminfo: string;
  readonly loadavg: string;
  readonly uptime: string;
  readonly netDev: string;
  readonly mounts: string;
  /**
   * A line for each real file system: block size, blocks, free, available, files, files free, and the mount point as it stands in
   * `mounts`.
   */
  readonly filesystems: string;
}

const TIMEOUT_SECONDS = 10;
/** /proc/mounts of a host with many containers is the longest of them. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;
/** A file system that does not answer within this time, such as a dead network mount, is left out. */
const STATFS_TIMEOUT_MS = 2000;

/** Asks a host over SSH, in one round trip. Rejects with a CollectorError where it does not answer as it should. */
export async function askHostFacts(host: Host): Promise<HostFacts> {
  const outcome = await callVerb(host, {
    verb: 'host-facts',
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
  });
  return parseHostFacts(printedBy(outcome).toString());
}

/** Splits the answer of `host-facts` into its sections. Throws a CollectorError where one is missing. */
export function parseHostFacts(text: string): HostFacts {
  const sections = new Map<string, string>();
  for (const part of text.split(/^== /m).slice(1)) {
    const end = part.indexOf('\n');
    sections.set(part.slice(0, end), part.slice(end + 1));
  }
  const section = (name: string) => {
    const found = sections.get(name);
    if (found === undefined) throw new CollectorError('bad_answer', `host-facts has no section ${name}`);
    return found;
  };
  return {
    stat: section('stat'),
    meminfo: section('meminfo'),
    loadavg: section('loadavg'),
    uptime: section('uptime'),
    netDev: section('net_dev'),
    mounts: section('mounts'),
    filesystems: section('filesystems'),
  };
}

/** Reads the same of the machine that this process runs on, without starting a program. */
export async function readLocalFacts(): Promise<HostFacts> {
  const [stat, meminfo, loadavg, uptime, netDev, mounts] = await Promise.all(
    ['stat', 'meminfo', 'loadavg', 'uptime', 'net/dev', 'self/mounts'].map((name) =>
      readFile(`/proc/${name}`, 'utf8'),
    ),
  );
  const facts = { stat, meminfo, loadavg, uptime, netDev, mounts } as Omit<HostFacts, 'filesystems'>;
  return { ...facts, filesystems: await localFileSystems(facts.mounts) };
}

async function localFileSystems(mounts: string): Promise<string> {
  const real = parseMounts(mounts).filter(isRealFileSystem);
  const lines = await Promise.all(real.map(({ mountpoint, written }) => fileSystemLine(mountpoint, written)));
  return lines.join('');
}

async function fileSystemLine(mountpoint: string, written: string): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), STATFS_TIMEOUT_MS);
  });
  try {
    const sizes = await Promise.race([statfs(mountpoint), late]);
    if (sizes === undefined) return '';
    return `${sizes.bsize} ${sizes.blocks} ${sizes.bfree} ${sizes.bavail} ${sizes.files} ${sizes.ffree} ${written}\n`;
  } catch {
    // A mount point inside a folder that this account may not enter.
    return '';
  } finally {
    clearTimeout(timer);
  }
}
