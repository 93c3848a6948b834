import type { Alert } from '../alerts/alert.ts';
import type { ApprovalAnswer } from '../answers/answer-approval.ts';
import type { Message, Owed } from '../notify/message.ts';
import type { Pause } from '../pause.ts';
import type { Plan, Reason, Run, RunEvent, RunOutcome, RunState } from '../run/run.ts';
import type { Lease } from './lease.ts';

/** A change of a run, written together with its events. */
export interface RunChange {
  readonly state?: RunState;
  readonly outcome?: RunOutcome;
  readonly reason?: Reason;
  readonly plan?: Plan;
  /** What people are owed of it from this commit on. */
  readonly owes?: Owed | undefined;
}

/** A run that acted, as decisions about later ones need it. */
export interface PastAction {
  readonly runId: string;
  /** Which alert it answered, whatever the episode. */
  readonly fingerprint: string;
  readonly plan: Plan;
  readonly atMs: number;
  /** How it ended; undefined while it is under way. */
  readonly outcome?: RunOutcome | undefined;
  readonly reason?: Reason | undefined;
}

/** Which actions of the past a decision asks for: all of a policy, and all on a host, each since a time of its own. */
export interface PastActionQuery {
  readonly policy: string;
  readonly policySinceMs: number;
  readonly host: string;
  readonly hostSinceMs: number;
}

/** An alert that a run heals, or has just healed. */
export interface AlertInHand {
  readonly alertname: string;
  /** The id of the entry in steward.yml that it is about. */
  readonly target: string;
}

/** When an action last began on a host, in milliseconds since the epoch; undefined for never. */
export interface LastAction {
  readonly host: string;
  /** However it ended. */
  readonly begunAtMs: number | undefined;
  /** The last one that is proved, or went well and is being proved. */
  readonly succeededAtMs: number | undefined;
}

/** The newest attempt at an episode, as decisions about other alerts need it. */
export interface Episode {
  readonly runId: string;
  readonly labels: Alert['labels'];
  readonly acceptedAtMs: number;
  readonly isFiring: boolean;
  /** Whether its run has come to its end. */
  readonly isClosed: boolean;
}

/** A run that waits, and whose alert has not been delivered for a while. */
export interface UnseenRun {
  readonly runId: string;
  readonly alert: Alert;
}

/** How a run that rested goes on. */
export interface Reclaim {
  readonly state: 'acting' | 'verifying' | 'undoing';
  /** Whether the end of its alert and a pause hold it back: what puts back, or ends what was begun, they do not. */
  readonly isHeldBack: boolean;
}

/**
 * The durable record of alerts and runs. Each method that writes resolves after the commit, and rejects with a JournalError where
 * there was none. Events are only ever added.
 */
export interface Journal {
  /**
   * Records a delivery, all its alerts or none, and resolves with the runs to be looked at. The key of an episode is fingerprint and startsAt, so that
   * it counts once however often it is delivered, and by whom. A firing alert of an episode that begins later than all that are known of its
   * alert gets a run, and ends those: where an alert ends and starts again at once, Alertmanager does not tell of the end. What began no later
   * than the newest episode belongs to that one: a firing alert goes on, or is back where its end was noted two minutes ago or earlier, which opens
   * the next attempt; a resolved one is noted on its newest run. The end of an alert that is not known is kept as a closed run, so that nothing is opened
   * where its beginning comes late.
   */
  accept(alerts: readonly Alert[], at: Date): Promise<readonly string[]>;
  /**
   * Adds events to a run and changes it, all or nothing. Rejects where the run is closed. Who works on the run gives the token of the lease, and
   * is refused with a LeaseLostError where another has taken it over; who only adds what a person said has none.
   */
  append(runId: string, events: readonly RunEvent[], change: RunChange, token?: number): Promise<void>;
  /**
   * Closes a run that acted, and opens the next attempt at its episode in the same commit. Resolves with its run's id, or with undefined where the alert
   * has resolved. Rejects as `append` does.
   */
  closeAndOpenNext(
    runId: string,
    events: readonly RunEvent[],
    change: Required<Pick<RunChange, 'outcome' | 'reason'>> & Pick<RunChange, 'owes'>,
    at: Date,
    token?: number,
  ): Promise<string | undefined>;
  /**
   * Adds what a person said to a run, where it still waits for that and they saw its plan. Resolves with why it was not taken where it was not. What
   * was denied is never claimed for a start any more.
   */
  answer(runId: string, answer: ApprovalAnswer, at: Date): Promise<string | undefined>;
  /**
   * Claims the start of a plan for a run: adds the events and sets the state to `acting`. Resolves with false, and writes nothing,
   * where that run is not waiting, where its alert has resolved or a person has denied it, where a pause is on, or where another run is between start and end on the
   * same host. Rejects with a LeaseLostError where a token is given and is no longer that of the run.
   */
  claimStart(
    runId: string,
    events: readonly RunEvent[],
    plan: Plan,
    actedAtMs: number,
    token?: number,
  ): Promise<boolean>;
  /** Takes the right to work on a run. Resolves with undefined where somebody has it. */
  takeLease(runId: string): Promise<Lease | undefined>;
  /** The ids of open runs that no process works on though one should, since it has ended or lost the journal, oldest first. */
  abandonedRuns(): Promise<readonly string[]>;
  /**
   * Takes what people are owed and what is due, the oldest first, for so long: until then nobody else gets it. What was taken is due again after that time, and
   * in a journal of one process after its end.
   */
  takeOwed(atMost: number, forMs: number): Promise<readonly Message[]>;
  /** Has a message that was taken be due after a time. */
  putOff(messageId: string, forMs: number): Promise<void>;
  /** Notes that people were told, or will not be: it is no longer owed. */
  noteTold(messageId: string): Promise<void>;
  /** How many messages people are owed. */
  countOwed(): Promise<number>;
  /**
   * Claims the host again for a run that rests: adds the events and sets the state. Resolves with false, and writes nothing, where that run does not
   * rest, or another run is between start and end on its host; where the claim is held back, also where its alert has resolved, a person has denied it or a pause is on. The
   * time of its start stays. Rejects with a LeaseLostError where a token is given and is no longer that of the run.
   */
  reclaim(
    runId: string,
    events: readonly RunEvent[],
    claim: Reclaim,
    atMs: number,
    token?: number,
  ): Promise<boolean>;
  /**
   * Opens the next attempt at the episode of a run that acted and is closed. Resolves with its run's id, or with undefined, and
   * writes nothing, where the alert has resolved, or where that attempt is there already.
   */
  openNextAttempt(runId: string, at: Date): Promise<string | undefined>;
  /** The runs that wait and whose alert has last been delivered before a time, oldest first. */
  unseenRuns(beforeMs: number): Promise<readonly UnseenRun[]>;
  /**
   * Notes the end of an alert that nobody told of, on its run. Resolves with false, and writes nothing, where the run does not wait, the alert has resolved, or it was
   * delivered after that time.
   */
  endUnseen(runId: string, beforeMs: number, at: Date): Promise<boolean>;
  /** One run with its events, or undefined. */
  run(id: string): Promise<Run | undefined>;
  /**
   * When the fault that a run is for was first delivered, in milliseconds since the epoch: with the first attempt at its episode, or with the first after one
   * that was proved.
   */
  firstDeliveredAtMs(run: Run): Promise<number>;
  /** The id of the newest run of an alert, whichever episode it is of, or undefined. */
  newestRun(fingerprint: string): Promise<string | undefined>;
  /** The newest runs first. */
  runs(limit: number): Promise<readonly Run[]>;
  /** The runs that are not closed, oldest first. */
  openRuns(): Promise<readonly Run[]>;
  /** How many runs wait for a person to approve or deny them. */
  countAwaitingApproval(): Promise<number>;
  /**
   * The alerts whose run is between its start and its end, resting ones among them, and those that still fire though a fix that was started since a
   * time is proved: the end of an alert lags behind. Prometheus has vouched for each before its run was started.
   */
  alertsInHand(provedSinceMs: number): Promise<readonly AlertInHand[]>;
  /** The actions started since a time, oldest first. */
  pastActions(query: PastActionQuery): Promise<readonly PastAction[]>;
  /** When an action last began on each of these hosts, and when one did that went well. */
  lastActions(action: string, hosts: readonly string[]): Promise<readonly LastAction[]>;
  /** The episodes accepted since a time, oldest first, without those whose fix was proved. */
  episodesSince(atMs: number): Promise<readonly Episode[]>;
  /** The newest pause that nobody has ended, over or not. */
  pause(): Promise<Pause | undefined>;
  /** Records a pause, in place of one that is on, and what people are owed of it. */
  startPause(pause: Pause, owes?: Owed): Promise<void>;
  /** Ends all pauses, and records that somebody said to go on, also where there was none. */
  endPause(at: Date, by: string): Promise<void>;
  /** When somebody last said to go on, in milliseconds since the epoch, or undefined. */
  resumedAtMs(): Promise<number | undefined>;
  /**
   * Removes the oldest episodes, as many as are asked for at the most, with their runs and events, and resolves with how many these were. Only those count
   * that were over before a time: all their runs were opened and started before it and are closed, and their alert has resolved or was
   * last delivered before it. One that may still fire is kept, since its next delivery would count as a new one.
   */
  removeEpisodes(beforeMs: number, atMost: number): Promise<number>;
  /** Records that this program starts, and resolves with how many earlier starts of this instance since a time have no end. */
  noteStart(instance: string, at: Date, sinceMs: number): Promise<number>;
  /** Records that the newest start of this instance ends as it should. */
  noteStop(instance: string, at: Date): Promise<void>;
  /** The size of what takes room beside the journal, to be given up where the disk is full. Only where the journal keeps such a thing. */
  ballastBytes?(): number;
  close(): Promise<void>;
}
