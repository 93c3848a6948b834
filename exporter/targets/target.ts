import type { Host } from '../../hosts/host.ts';
import type { BotEntry } from '../../inventory/schema/bot.ts';
import type { HostEntry } from '../../inventory/schema/host.ts';
import type { JobEntry } from '../../inventory/schema/job.ts';
import type { SiteEntry } from '../../inventory/schema/site.ts';
import type { Secret } from '../../inventory/secret.ts';
import type { HostFacts } from '../clients/host-facts.ts';
import type { JobRecord } from '../jobs/job-record.ts';

/** A host for one scrape: what the kernel says is asked once, for all collectors together. */
export interface HostTarget {
  readonly id: string;
  readonly entry: HostEntry;
  readonly host: Host;
  /** Rejects with a CollectorError where the host cannot be asked. The signal of the first caller ends it for all. */
  readonly facts: (signal: AbortSignal) => Promise<HostFacts>;
  /** Asks over the way that fixes go. Rejects where nobody is let in, or nothing answers. */
  readonly reach: (signal: AbortSignal) => Promise<unknown>;
}

/** A site, and the host it stands on. */
export interface SiteTarget {
  readonly id: string;
  readonly entry: SiteEntry;
  readonly host: Host;
}

/** A trading bot. */
export interface BotTarget {
  readonly id: string;
  readonly entry: BotEntry;
  /** The host that it runs on. */
  readonly host: Host;
  /** Reads a secret that its entry names; asked each time, so that a new one counts at once. */
  readonly readSecretFile: (file: string) => Promise<Secret>;
}

/** A job, and what it has said so far. */
export interface JobTarget {
  readonly id: string;
  readonly entry: JobEntry;
  readonly record: JobRecord;
}
