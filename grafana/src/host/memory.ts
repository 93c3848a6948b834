import { hourlyBars, lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';
import { pressure } from './processor.ts';

const empty = 'No hosts in steward.yml';

/** How full memory is, and who waits for it. */
export function memoryPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Memory available',
        description:
          'Utilisation: share that programs can still have. Below the line the kernel soon ends one.',
        empty,
      },
      [
        {
          expr: `host_memory_available_bytes{${chosen}} / host_memory_total_bytes{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1, limit: thresholds.memoryAvailableRatio },
    ),
    lines(
      {
        title: 'Programs waiting for memory',
        description: 'Saturation: share of the time that a program, or all of them, waited for memory.',
        empty: 'No host with pressure stall information',
      },
      [
        { expr: pressure('memory', 'waiting'), legend: '{{instance}} some' },
        { expr: pressure('memory', 'stalled'), legend: '{{instance}} all' },
      ],
      { unit: 'percentunit', limit: thresholds.memoryStalledRatio },
    ),
  ];
}

/** What happens where memory runs short, and who takes it. */
export function swapPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Swap in use',
        description:
          'Share of the swap space in use. Full swap that lies still is harmless; one that moves is not.',
        empty: 'No host with swap',
      },
      [
        {
          expr: `1 - host_memory_swap_free_bytes{${chosen}} / (host_memory_swap_total_bytes{${chosen}} > 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1 },
    ),
    lines(
      {
        title: 'Pages moved between memory and swap',
        description: 'Pages a second, read back and written. Steady traffic slows everything down.',
        empty,
      },
      [
        {
          expr: `rate(host_memory_swapped_in_pages_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}} in',
        },
        {
          expr: `rate(host_memory_swapped_out_pages_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}} out',
        },
      ],
      { unit: 'ops' },
    ),
    hourlyBars(
      {
        title: 'Programs ended for lack of memory',
        description: 'Errors: programs that the kernel ended in each hour, often the database.',
        empty: 'No hosts in steward.yml',
      },
      [{ expr: `increase(host_oom_kills_total{${chosen}}[$__rate_interval])`, legend: '{{instance}}' }],
    ),
    lines(
      {
        title: 'Memory by program',
        description:
          'The ten largest by name, of the largest five of each host; shared memory counts for each.',
        empty: 'Programs were not read yet',
      },
      [
        {
          expr: `topk(10, host_process_memory_bytes{${chosen}, command!="other"})`,
          legend: '{{instance}} {{command}}',
        },
      ],
      { unit: 'bytes' },
    ),
  ];
}
