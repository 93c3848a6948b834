import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import { CollectorError, printedBy } from '../collector-error.ts';

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

/** Asks a host over SSH, in one round trip. Rejects with a CollectorError where it does not answer as it should. */
export async function askHostFacts(host: Host, signal: AbortSignal): Promise<HostFacts> {
  const outcome = await callVerb(host, {
    verb: 'host-facts',
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    signal,
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
