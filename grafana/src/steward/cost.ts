import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'Prometheus reads nothing: is the exporter up?';

/** What the watching costs. */
export function costPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Slowest collectors',
        description: 'How long the ten slowest collectors took in a scrape. The limit is that of the scrape.',
        empty,
      },
      [
        {
          expr: `topk(10, max by (collector) (steward_scrape_collector_duration_seconds{${chosen}}))`,
          legend: '{{collector}}',
        },
      ],
      { unit: 's' },
    ),
    lines(
      { title: 'Memory', description: 'Memory in RAM of the exporter and the remediator.', empty },
      [{ expr: `process_resident_memory_bytes{${chosen}}`, legend: '{{job}} {{instance}}' }],
      { unit: 'bytes' },
    ),
    lines(
      {
        title: 'Processor of the exporter',
        description: 'Share of one core that the exporter uses.',
        empty,
      },
      [
        {
          expr: `rate(process_cpu_seconds_total{${chosen}}[$__rate_interval])`,
          legend: '{{job}} {{instance}}',
        },
      ],
      { unit: 'percentunit' },
    ),
    lines(
      {
        title: 'Files and sockets open',
        description: 'What the exporter holds open. A line that only rises is a leak.',
        empty,
      },
      [{ expr: `process_open_fds{${chosen}}`, legend: '{{job}} {{instance}}' }],
      { unit: 'short' },
    ),
  ];
}
