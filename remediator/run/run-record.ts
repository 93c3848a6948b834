import type { Logger } from 'pino';
import type { Journal, RunChange } from '../store/journal.ts';
import type { EventKind, Plan, Reason, RunEvent, RunOutcome } from './run.ts';

/** Writes what happens in one run to the journal, and tells the log the same. */
export interface RunRecord {
  readonly runId: string;
  /** Adds an event. Resolves after the commit. */
  add(kind: EventKind, data?: RunEvent['data'], change?: RunChange): Promise<void>;
  /** Claims the host and the start of the plan. False where something else was quicker. */
  claimStart(plan: Plan, data: RunEvent['data']): Promise<boolean>;
  /** Closes the run. */
  finish(outcome: RunOutcome, reason: Reason, data?: RunEvent['data']): Promise<void>;
}

/** Hears of each run that was closed. */
export type FinishListener = (runId: string, outcome: RunOutcome, reason: Reason) => void;

/** Makes the record of a run. */
export function createRunRecord(
  runId: string,
  journal: Journal,
  log: Logger,
  onFinish: FinishListener,
): RunRecord {
  const event = (kind: EventKind, data: RunEvent['data']): RunEvent => {
    log.info({ run: runId, event: kind, ...data }, `run ${kind}`);
    return { at: new Date().toISOString(), kind, data };
  };
  return {
    runId,
    add: (kind, data = {}, change = {}) => journal.append(runId, event(kind, data), change),
    claimStart: (plan, data) => journal.claimStart(runId, event('acting', data), plan, Date.now()),
    async finish(outcome, reason, data = {}) {
      const end = event('finished', { outcome, reason, ...data });
      await journal.append(runId, end, { state: 'closed', outcome, reason });
      onFinish(runId, outcome, reason);
    },
  };
}
