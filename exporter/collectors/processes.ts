import { readProcessList } from '../clients/process-list.ts';
import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const memory = gauge(
  'host_process_memory_bytes',
  'Memory in RAM of all programs of that name together, in bytes, what they share counted for each; the largest five, and "other". Read every minute.',
  ['command'],
);
const processes = gauge(
  'host_processes',
  'Number of running programs of that name; the largest five, and "other". Read every minute.',
  ['command'],
);
const metrics = [memory, processes];

const INTERVAL_MS = 60_000;
const LARGEST = 5;
/** Any account of the host can give its programs any name. */
const STRANGE = /[^\w.:@+-]/g;
const OTHER = 'other';

/** Who uses the memory: by the name of the program, never by its arguments, which may hold secrets. */
export const processMemory: Collector<HostTarget> = {
  name: 'processes',
  metrics,
  background: {
    intervalMs: INTERVAL_MS,
    metrics,
    read: async ({ host, entry }, signal) =>
      parseProcesses(await readProcessList(host, signal, entry.mounted_at)),
  },
};

interface Sum {
  readonly bytes: number;
  readonly instances: number;
}

/** Reads lines `Name` and, where it is not a part of the kernel, `VmRSS`, of one process after the other. */
export function parseProcesses(text: string): Sample[] {
  const sums = new Map<string, Sum>();
  for (const [, name = '', kibibytes] of text.matchAll(/^Name:\t(.*)\nVmRSS:\s+(\d{1,12}) kB$/gm)) {
    add(sums, name.slice(0, 32).replace(STRANGE, '_'), { bytes: Number(kibibytes) * 1024, instances: 1 });
  }
  if (sums.size === 0) throw new CollectorError('bad_answer', 'the host names no process');
  const shown = new Map<string, Sum>([[OTHER, { bytes: 0, instances: 0 }]]);
  [...sums]
    .sort(([, a], [, b]) => b.bytes - a.bytes)
    .forEach(([name, sum], rank) => {
      add(shown, rank < LARGEST ? name : OTHER, sum);
    });
  return [...shown].flatMap(([command, { bytes, instances }]) => [
    sample(memory, bytes, { command }),
    sample(processes, instances, { command }),
  ]);
}

function add(sums: Map<string, Sum>, name: string, { bytes, instances }: Sum): void {
  const before = sums.get(name) ?? { bytes: 0, instances: 0 };
  sums.set(name, { bytes: before.bytes + bytes, instances: before.instances + instances });
}
