import type { Host } from '../../hosts/host.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Silences } from '../alertmanager/silences.ts';
import type { ActingBotOf } from '../bots/acting-bots.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import type { Refresh } from '../refresh.ts';
import type { Journal } from '../store/journal.ts';
import type { Lease } from '../store/lease.ts';
import type { HostLocks } from './host-locks.ts';

/** What a run needs from outside. */
export interface RunDependencies {
  readonly journal: Journal;
  readonly prometheus: PrometheusClient;
  /** The same, for what nothing is done on: its answers may be some seconds old. */
  readonly sharedPrometheus: PrometheusClient;
  readonly refresh: Refresh;
  readonly silences: Silences;
  readonly locks: HostLocks;
  /** The host by its id, with the key that acts. Throws where steward.yml does not know it. */
  readonly hostOf: (id: string) => Host;
  readonly botOf: ActingBotOf;
  readonly inventory: () => Inventory;
  /** The right to work on the run. */
  readonly lease: Pick<Lease, 'token' | 'isHeld'>;
  /** Aborts when the process is to stop, or the lease may be lost; what was started is settled after the next start, or by another process. */
  readonly signal: AbortSignal;
}
