import type { Host } from '../../hosts/host.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Silences } from '../alertmanager/silences.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import type { Refresh } from '../refresh.ts';
import type { Journal } from '../store/journal.ts';
import type { HostLocks } from './host-locks.ts';

/** What a run needs from outside. */
export interface RunDependencies {
  readonly journal: Journal;
  readonly prometheus: PrometheusClient;
  readonly refresh: Refresh;
  readonly silences: Silences;
  readonly locks: HostLocks;
  /** The host by its id, with the key that acts. Throws where steward.yml does not know it. */
  readonly hostOf: (id: string) => Host;
  readonly inventory: () => Inventory;
  /** Aborts when the process is to stop; what was started is settled after the next start. */
  readonly signal: AbortSignal;
}
