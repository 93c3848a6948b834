import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { lines } from '../panels.ts';
import { chosen } from '../query.ts';

/** How the hosts do. */
export function hostPanels(): PanelBuilder[] {
  return [
    lines(
      {
        title: 'CPU busy',
        description: 'Share of the time that all cores together were neither idle nor waiting for a disk.',
      },
      [
        {
          expr: `sum by (job, instance) (rate(host_cpu_seconds_total{mode!~"idle|iowait", ${chosen}}[$__rate_interval])) / on (job, instance) group_left () host_cpus{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', limit: 0.9 },
    ),
    lines(
      { title: 'Memory used', description: 'Share of the memory that programs cannot have any more.' },
      [
        {
          expr: `1 - host_memory_available_bytes{${chosen}} / host_memory_total_bytes{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', limit: 0.9 },
    ),
    lines(
      {
        title: 'Disk used',
        description: 'Share of each file system that an ordinary account cannot have any more.',
      },
      [
        {
          expr: `1 - host_filesystem_avail_bytes{${chosen}} / host_filesystem_size_bytes{${chosen}}`,
          legend: '{{instance}} {{mountpoint}}',
        },
      ],
      { unit: 'percentunit', limit: 0.9 },
    ),
    lines(
      {
        title: 'Load per core',
        description:
          'Programs that run or wait to run, on average of a minute, for each core. Above 1 they wait for each other.',
      },
      [{ expr: `host_load1{${chosen}} / host_cpus{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'short', limit: 1 },
    ),
  ];
}
