import type { LastReload } from '../../inventory/inventory-holder.ts';
import { counter, gauge, sample, type Sample } from './metric.ts';

const buildInfo = gauge('steward_build_info', 'What runs; always 1.', ['version', 'node_version']);
const reloadSuccessful = gauge(
  'steward_config_last_reload_successful',
  'Whether the last reading of steward.yml succeeded, 0 or 1.',
);
const reloadTime = gauge(
  'steward_config_last_reload_success_timestamp_seconds',
  'When steward.yml was last read with success, in seconds since the epoch.',
);
const cpuSeconds = counter('process_cpu_seconds_total', 'CPU time of the process, in seconds.');
const residentMemory = gauge(
  'process_resident_memory_bytes',
  'Memory of the process that is in RAM, in bytes.',
);
const startTime = gauge(
  'process_start_time_seconds',
  'When the process started, in seconds since the epoch.',
);
const openFiles = gauge('process_open_fds', 'Files and sockets that the process has open.');

/** The metrics of the exporter itself. */
export const selfMetrics = [
  buildInfo,
  reloadSuccessful,
  reloadTime,
  cpuSeconds,
  residentMemory,
  startTime,
  openFiles,
];

/** Measures the exporter itself. */
export function selfSamples(version: string, lastReload: LastReload, openFileCount: number): Sample[] {
  const cpu = process.cpuUsage();
  return [
    sample(buildInfo, 1, { version, node_version: process.version }),
    sample(reloadSuccessful, lastReload.successful ? 1 : 0),
    sample(reloadTime, lastReload.succeededAtMs / 1000),
    sample(cpuSeconds, (cpu.user + cpu.system) / 1e6),
    sample(residentMemory, process.memoryUsage.rss()),
    sample(startTime, performance.timeOrigin / 1000),
    sample(openFiles, openFileCount),
  ];
}
