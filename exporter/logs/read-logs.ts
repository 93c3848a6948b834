import type { Host } from '../../hosts/host.ts';
import { logsOf, type LogOwner } from '../../inventory/logs.ts';
import { askLogStatus, readLogPiece, type LogStatus } from '../clients/log-files.ts';
import { followLog } from './follow-log.ts';
import type { LogStates } from './log-state.ts';

/** A site or bot whose logs are read. */
export interface LogTarget {
  readonly id: string;
  readonly entry: LogOwner;
  readonly host: Host;
}

/** What a reading of all logs of a target gave. */
export interface LogsReading {
  readonly states: LogStates;
  /** What the reading began with. */
  readonly before: LogStates;
  /** How each log stood, by its name. */
  readonly statuses: ReadonlyMap<string, LogStatus>;
}

/** A reading ends about here, so that it is over before whoever waits for it gives up; a log that has much to say is then behind. */
const BUDGET_MS = 3000;

/**
 * Reads all logs of a target on from where they were left. Nothing of `before` is changed, so that a reading that fails, or that cannot be
 * saved, is done again from the same place. Rejects with a CollectorError.
 */
export async function readLogs(
  { id, entry, host }: LogTarget,
  before: LogStates,
  signal: AbortSignal,
): Promise<LogsReading> {
  const logs = logsOf(entry);
  const found = await askLogStatus(host, id, logs, signal);
  const end = performance.now() + BUDGET_MS;
  const states: LogStates = {};
  const statuses = new Map<string, LogStatus>();
  // One after the other: a host is not asked for several megabytes at once.
  for (const [number, log] of logs.entries()) {
    const status = found[number] ?? { kind: 'link' };
    const known = before[log.name];
    const state = await followLog(log, known?.file === log.file ? known : undefined, status, {
      read: (inode, offsetBytes) => readLogPiece(host, { owner: id, number, inode, offsetBytes }, signal),
      hasTime: () => performance.now() < end,
    });
    if (state !== undefined) states[log.name] = state;
    statuses.set(log.name, status);
  }
  return { states, before, statuses };
}
