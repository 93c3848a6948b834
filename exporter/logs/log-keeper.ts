import { readLogs, type LogsReading, type LogTarget } from './read-logs.ts';
import type { StateFile } from '../state/state-file.ts';
import type { LogStates } from './log-state.ts';

/** Reads logs on from where they were left, also by a process before this one. */
export interface LogKeeper {
  /** Reads all logs of a target. Rejects with a CollectorError, or as saving does: nothing is counted then, and the next call begins at the same place. */
  read(target: LogTarget, signal: AbortSignal): Promise<LogsReading>;
}

/** Makes a keeper. `fileOf` gives the place where the states of a target's logs are kept. */
export function createLogKeeper(fileOf: (id: string) => StateFile<LogStates>): LogKeeper {
  const known = new Map<string, LogStates>();
  const underWay = new Map<string, Promise<unknown>>();

  async function read(target: LogTarget, signal: AbortSignal): Promise<LogsReading> {
    const file = fileOf(target.id);
    const before = known.get(target.id) ?? (await file.load()) ?? {};
    const reading = await readLogs(target, before, signal);
    // Counts that are not saved would be counted again after a restart, so they are not shown either.
    if (JSON.stringify(reading.states) !== JSON.stringify(before)) await file.save(reading.states);
    known.set(target.id, reading.states);
    return reading;
  }

  return {
    // After a reload the old reading of a target may still go on: two must not begin at the same place.
    read(target, signal) {
      const last = underWay.get(target.id) ?? Promise.resolve();
      const reading = last.then(
        () => read(target, signal),
        () => read(target, signal),
      );
      underWay.set(target.id, reading);
      return reading;
    },
  };
}
