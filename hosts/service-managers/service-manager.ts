import type { ServiceEntry } from '../../inventory/schema/host.ts';

/** A command and its arguments. */
export type Argv = readonly [string, ...string[]];

/** What Steward knows of a service manager: how it is asked and told, and how its answer reads. Data, without I/O. */
export interface ServiceManager {
  /** Which services can be asked about together: those with the same key. */
  groupKey(service: ServiceEntry): string;
  /** The command that says how the services of a group are. */
  statusArgv(group: readonly [ServiceEntry, ...ServiceEntry[]]): Argv;
  /** Reads the answer: whether a service of the group is up. `names` is the group in the order in which it was asked. */
  isUp(
    name: string,
    answer: {
      readonly names: readonly string[];
      readonly exitCode: number;
      readonly lines: readonly string[];
    },
  ): boolean;
  /** The command that restarts a service, and starts it where it does not run. */
  restartArgv(service: ServiceEntry): Argv;
  /** The command that has a web server take its configuration and certificates anew. */
  reloadArgv(service: ServiceEntry): Argv;
}
