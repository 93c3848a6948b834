import type { ServiceEntry } from '../../inventory/schema/host.ts';

/** What Steward knows of a service manager: how it is asked and told, and how its answer reads. Data, without I/O. */
export interface ServiceManager {
  /** The command that says how a service is. */
  statusArgv(service: ServiceEntry): readonly [string, ...string[]];
  /** The command that restarts it, and starts it where it does not run. */
  restartArgv(service: ServiceEntry): readonly [string, ...string[]];
  /** Reads the answer: whether the service is up. */
  isUp(exitCode: number, firstLine: string): boolean;
}
