import { logsOf } from '../../inventory/logs.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { createLogKeeper } from '../logs/log-keeper.ts';
import { logSamples } from '../logs/log-metrics.ts';
import { logStatesSchema } from '../logs/log-state.ts';
import type { LogTarget } from '../logs/read-logs.ts';
import type { MetricDescriptor } from '../metrics/metric.ts';
import { openStateFile } from '../state/state-file.ts';

const INTERVAL_MS = 15_000;

/**
 * Makes the collector of what stands in the logs of a site or bot, with the metrics of its kind. How far they were read is kept in the folder,
 * together with what was counted, and outlives the exporter.
 */
export function createLogsCollector(
  stateFolder: () => string,
  metrics: readonly MetricDescriptor[],
): Collector<LogTarget> {
  const keeper = createLogKeeper((id) => openStateFile(stateFolder(), `logs-${id}.json`, logStatesSchema));
  return {
    name: 'logs',
    metrics,
    background: {
      intervalMs: INTERVAL_MS,
      metrics,
      async read(target, signal) {
        if (logsOf(target.entry).length === 0) throw new NoDataError('steward.yml names no logs here');
        return logSamples(target.entry, await keeper.read(target, signal));
      },
    },
  };
}
