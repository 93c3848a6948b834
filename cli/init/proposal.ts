import type { ServiceManagerName } from '../../inventory/schema/host.ts';
import type { LogFormat } from '../../inventory/schema/log-file.ts';

/** A host that is to be written into steward.yml. */
export interface ProposedHost {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly hostKey: string | undefined;
  /** What it says it runs, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly system: string | undefined;
  readonly services: readonly ProposedService[];
}

/** A service of a host. */
export interface ProposedService {
  readonly name: string;
  readonly manager: ServiceManagerName;
}

/** A site that is to be written into steward.yml. */
export interface ProposedSite {
  readonly id: string;
  readonly host: string;
  readonly url: string;
  readonly path: string;
  readonly owner: string;
  /** Left out where it has the name of the owner. */
  readonly group: string | undefined;
  readonly version: string;
  readonly services: readonly string[];
  /** Where its PHP-FPM is asked: a socket or an address, and the path of the status. */
  readonly phpFpm: { readonly listen: string; readonly statusPath: string } | undefined;
  readonly logs: readonly { readonly file: string; readonly format: LogFormat }[];
}

/** A trading bot that is to be written into steward.yml. */
export interface ProposedBot {
  readonly id: string;
  readonly host: string;
  readonly url: string;
  readonly username: string;
  readonly service: string | undefined;
  readonly log: string | undefined;
}
