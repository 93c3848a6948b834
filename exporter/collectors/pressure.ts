import type { PressureTexts } from '../clients/host-facts.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { counter, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const waiting = counter(
  'host_pressure_waiting_seconds_total',
  'Time in which at least one program waited for the resource (cpu, io or memory), in seconds.',
  ['resource'],
);
const stalled = counter(
  'host_pressure_stalled_seconds_total',
  'Time in which all programs with work waited for the resource (io or memory), in seconds.',
  ['resource'],
);

/** Time lost in waiting. Kernels before 4.20, and those built or started without it, do not count it. */
export const pressure: Collector<HostTarget> = {
  name: 'pressure',
  metrics: [waiting, stalled],
  collect: async ({ facts }, signal) => parsePressure((await facts(signal)).pressure),
};

/** Reads the totals of /proc/pressure, in microseconds (the kernel's Documentation/accounting/psi.rst). */
export function parsePressure(texts: PressureTexts): Sample[] {
  const { cpu, io, memory } = texts;
  // A kernel started with psi=0 has the files, and refuses to read them.
  if (!cpu && !io && !memory) throw new NoDataError('the kernel does not count pressure');
  return [
    ...(cpu ? [sample(waiting, total(cpu, 'some'), { resource: 'cpu' })] : []),
    ...Object.entries({ io, memory }).flatMap(([resource, text]) =>
      text
        ? [
            sample(waiting, total(text, 'some'), { resource }),
            sample(stalled, total(text, 'full'), { resource }),
          ]
        : [],
    ),
  ];
}

function total(text: string, line: 'some' | 'full'): number {
  const microseconds = new RegExp(`^${line} .*\\btotal=(\\d+)$`, 'm').exec(text)?.[1];
  if (microseconds === undefined)
    throw new CollectorError('bad_answer', `/proc/pressure has no total of "${line}"`);
  return Number(microseconds) / 1e6;
}
