import { logsOf } from '../../inventory/logs.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { createLogKeeper } from '../logs/log-keeper.ts';
import { logSamples, siteLogMetrics } from '../logs/log-metrics.ts';
import { logStatesSchema } from '../logs/log-state.ts';
import { openStateFile } from '../state/state-file.ts';
import type { SiteTarget } from '../target.ts';

/**
 * Makes the collector of what stands in the logs of a site. How far they were read is kept in the folder, together with what was counted, and
 * outlives the exporter.
 */
export function createLogsCollector(stateFolder: () => string): Collector<SiteTarget> {
  const keeper = createLogKeeper((id) => openStateFile(stateFolder(), `logs-${id}.json`, logStatesSchema));
  return {
    name: 'logs',
    metrics: siteLogMetrics,
    async collect(target, signal) {
      if (logsOf(target.entry).length === 0) throw new NoDataError('steward.yml names no logs of this site');
      return logSamples(target.entry, await keeper.read(target, signal));
    },
  };
}
