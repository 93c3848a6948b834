import { lines, opens, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No hosts in steward.yml';

/** Whether the hosts and their services are there. */
export function statePanels(): AnyPanel[] {
  return [
    opens(
      stateTimeline(
        {
          title: 'Hosts',
          description: 'Whether the host let Steward in. While it is down nothing on it is known.',
          empty,
        },
        [{ expr: `host_up{${chosen}}`, legend: '{{instance}}' }],
        upOrDown,
      ),
      pages.steward,
    ),
    stateTimeline(
      {
        title: 'Services',
        description: 'Whether the service was running, as its manager says.',
        empty: 'No services in steward.yml',
      },
      [{ expr: `host_service_up{${chosen}}`, legend: '{{instance}} {{name}}' }],
      upOrDown,
    ),
  ];
}

/** The processor: how busy, who waits. */
export function processorPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Processor busy',
        description:
          'Utilisation: share of the time that all cores together were at work: neither idle, nor waiting for a disk, nor taken by other machines.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance) (rate(host_cpu_seconds_total{mode!~"idle|iowait|steal", ${chosen}}[$__rate_interval])) / on (job, instance) group_left () host_cpus{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1, limit: thresholds.processorBusyRatio },
    ),
    lines(
      {
        title: 'Processor taken by other machines',
        description: 'Share of the time that the provider gave to other guests of the same machine.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance) (rate(host_cpu_seconds_total{mode="steal", ${chosen}}[$__rate_interval])) / on (job, instance) group_left () host_cpus{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', limit: thresholds.processorStolenRatio },
    ),
    lines(
      {
        title: 'Programs waiting for the processor',
        description:
          'Saturation: share of the time that a program waited, and the load of a minute for each core.',
        empty: 'No host with pressure stall information',
      },
      [
        { expr: pressure('cpu', 'waiting'), legend: '{{instance}} waiting' },
        { expr: `host_load1{${chosen}} / host_cpus{${chosen}}`, legend: '{{instance}} load' },
      ],
      { unit: 'percentunit' },
    ),
  ];
}

/** Share of the time that programs waited for a resource: any of them, or all of them. */
export function pressure(resource: 'cpu' | 'io' | 'memory', who: 'waiting' | 'stalled'): string {
  return `rate(host_pressure_${who}_seconds_total{resource="${resource}", ${chosen}}[$__rate_interval])`;
}
