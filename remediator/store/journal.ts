import type { Alert } from '../alert.ts';
import type { Plan, Reason, Run, RunEvent, RunOutcome, RunState } from '../run/run.ts';

/** What happened to a delivered alert in the journal. */
export interface AcceptedAlert {
  readonly runId: string;
  /** Whether this delivery began an episode that was not known. */
  readonly isNew: boolean;
  /** Whether the run is open and should be looked at (again). */
  readonly isOpen: boolean;
}

/** A change of a run, written together with its event. */
export interface RunChange {
  readonly state?: RunState;
  readonly outcome?: RunOutcome;
  readonly reason?: Reason;
  readonly plan?: Plan;
  readonly actedAtMs?: number;
}

/** A run that acted, as cooldowns and limits need it. */
export interface PastAction {
  readonly policy: string;
  readonly target: string;
  readonly atMs: number;
}

/** A journal that could not write: nothing of what was asked has happened. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * The durable record of alerts and runs. Each method that writes resolves after the commit, and rejects with a JournalError where
 * there was none. Events are only ever added.
 */
export interface Journal {
  /**
   * Records a delivery, all its alerts or none. A firing alert of an unknown episode gets a run; a resolved one is noted on its episode's run.
   * The key of an episode is fingerprint and startsAt, so that it counts once however often it is delivered, and by whom.
   */
  accept(alerts: readonly Alert[], at: Date): Promise<readonly AcceptedAlert[]>;
  /** Adds an event to a run and changes it, both or none. Rejects where the run is closed. */
  append(runId: string, event: RunEvent, change?: RunChange): Promise<void>;
  /**
   * Claims the start of a plan for a run: adds the event and sets the state to `acting`. Resolves with false, and writes nothing, where
   * that run is not waiting, where its alert has resolved, or where another run is between start and end on the same host.
   */
  claimStart(runId: string, event: RunEvent, plan: Plan, actedAtMs: number): Promise<boolean>;
  /** One run with its events, or undefined. */
  run(id: string): Promise<Run | undefined>;
  /** The newest runs first. */
  runs(limit: number): Promise<readonly Run[]>;
  /** The runs that are not closed, oldest first. */
  openRuns(): Promise<readonly Run[]>;
  /** The actions started since a time, for cooldowns and limits. */
  actionsSince(atMs: number): Promise<readonly PastAction[]>;
  close(): Promise<void>;
}
