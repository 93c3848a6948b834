import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import { CollectorError, printedBy } from '../collector-error.ts';

/** What the files of /proc/pressure say, by their names. */
export type PressureTexts = Readonly<Record<'cpu' | 'io' | 'memory', string | undefined>>;

/** What the clock of a host said, and when it was asked by the exporter's clock, in milliseconds since the epoch. */
export interface ClockReading {
  readonly text: string;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** What the kernel of a host says, as text, in the formats of proc(5). */
export interface HostFacts {
  readonly stat: string;
  readonly meminfo: string;
  readonly loadavg: string;
  readonly uptime: string;
  readonly netDev: string;
  readonly mounts: string;
  readonly diskstats: string;
  readonly vmstat: string;
  readonly fileNr: string;
  readonly pressure: PressureTexts;
  readonly conntrack: { readonly count: string | undefined; readonly max: string | undefined };
  /** A line for each real file system: block size, blocks, free, available, files, files free, and the mount point. */
  readonly filesystems: string;
  readonly isRebootRequired: boolean;
  /** Undefined for the exporter's own machine. */
  readonly clock: ClockReading | undefined;
}

const TIMEOUT_SECONDS = 10;
/** /proc/mounts of a host with many containers is the longest of them. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/** Asks a host over SSH, in one round trip. Rejects with a CollectorError where it does not answer as it should. */
export async function askHostFacts(host: Host, signal: AbortSignal): Promise<HostFacts> {
  const askedAt = Date.now();
  const outcome = await callVerb(host, {
    verb: 'host-facts',
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    signal,
  });
  // The clock tells whole milliseconds that are over: the answer came before the next one.
  return parseHostFacts(printedBy(outcome).toString(), { askedAt, answeredAt: Date.now() + 1 });
}

/** Splits the answer of `host-facts` into its sections. Throws a CollectorError where one is missing that every host has. */
export function parseHostFacts(text: string, times: Omit<ClockReading, 'text'>): HostFacts {
  const sections = sectionsOf(text);
  return {
    ...procFacts((path) => sections.get(path)),
    filesystems: needed(sections.get('filesystems'), 'filesystems'),
    isRebootRequired: sections.has('reboot-required'),
    clock: { text: needed(sections.get('clock'), 'clock'), ...times },
  };
}

/** Splits at the headings, which are those of tail(1). The kernel writes a blank in a name as \040, so that none can look like one. */
function sectionsOf(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of text.split(/^==> /m).slice(1)) {
    const [heading = '', ...lines] = part.split('\n');
    sections.set(heading.replace(/ <==$/, ''), lines.join('\n'));
  }
  return sections;
}

/** What stands in files of /proc, by way of a function that reads one, or says that the kernel does not have it. */
export function procFacts(
  read: (path: string) => string | undefined,
): Omit<HostFacts, 'filesystems' | 'isRebootRequired' | 'clock'> {
  const text = (path: string) => needed(read(path), path);
  return {
    stat: text('/proc/stat'),
    meminfo: text('/proc/meminfo'),
    loadavg: text('/proc/loadavg'),
    uptime: text('/proc/uptime'),
    netDev: text('/proc/net/dev'),
    mounts: text('/proc/mounts'),
    diskstats: text('/proc/diskstats'),
    vmstat: text('/proc/vmstat'),
    fileNr: text('/proc/sys/fs/file-nr'),
    pressure: {
      cpu: read('/proc/pressure/cpu'),
      io: read('/proc/pressure/io'),
      memory: read('/proc/pressure/memory'),
    },
    conntrack: {
      count: read('/proc/sys/net/netfilter/nf_conntrack_count'),
      max: read('/proc/sys/net/netfilter/nf_conntrack_max'),
    },
  };
}

function needed(text: string | undefined, name: string): string {
  if (text !== undefined) return text;
  throw new CollectorError(
    'bad_answer',
    `the host says nothing of ${name}; run \`steward host harden\` there again after an update of Steward`,
  );
}
