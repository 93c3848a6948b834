import type { Logger } from 'pino';
import type { Owed } from '../notify/message.ts';
import type { Journal, Reclaim, RunChange } from '../store/journal.ts';
import type { EventKind, Plan, Reason, Run, RunEvent, RunOutcome } from './run.ts';

/** Writes what happens in one run to the journal, and tells the log the same. */
export interface RunRecord {
  /** Remembers an event; it is committed together with the next one that is added. */
  note(kind: EventKind, data?: RunEvent['data']): void;
  /** Tells the log alone of an event that this process can no longer write, since it ends or has lost its lease. */
  say(kind: EventKind, data: RunEvent['data']): void;
  /** Adds an event and a change. Resolves after the commit. */
  add(kind: EventKind, data?: RunEvent['data'], change?: RunChange): Promise<void>;
  /** Leaves the run open, with the reason why nothing is done. */
  block(
    outcome: RunOutcome,
    reason: Reason,
    plan: Plan | undefined,
    detail: string | undefined,
  ): Promise<void>;
  /** Claims the host and the start of the plan. False where something else was quicker. */
  claimStart(plan: Plan, data: RunEvent['data']): Promise<boolean>;
  /** Claims the host again for a run that rests. False where it may not have it now. */
  reclaim(kind: EventKind, data: RunEvent['data'], claim: Reclaim): Promise<boolean>;
  /** Closes the run. */
  finish(outcome: RunOutcome, reason: Reason, plan?: Plan, detail?: string): Promise<void>;
}

/** What became of a run, as far as it is known. */
export interface RunNews {
  readonly run: Run;
  readonly plan: Plan | undefined;
  readonly outcome: RunOutcome;
  readonly reason: Reason;
  readonly detail: string | undefined;
  /** When the fault that was healed was first delivered, in milliseconds since the epoch; undefined where it was not. */
  readonly ailingSinceMs?: number | undefined;
  /** Whether this is its end; otherwise it is looked at again while the alert fires. */
  readonly isClosed: boolean;
  /** The run of the next step of its policy, where this end has opened one. */
  readonly next?: string | undefined;
}

/** Hears what became of runs. It must not throw. */
export type NewsListener = (news: RunNews) => void;

/** What the record of a run needs. */
export interface RecordParts {
  readonly journal: Journal;
  readonly log: Logger;
  readonly tell: NewsListener;
  /** What people are owed of news, from the commit on that makes them. */
  readonly owedFor: (news: RunNews) => Owed | undefined;
  /** Whether an end opens the next attempt at its episode. */
  readonly leadsOn: (ended: Run) => boolean;
}

/** Makes the record of a run, for who has the lease with that token. */
export function createRunRecord(
  run: Run,
  token: number,
  { journal, log, tell, owedFor, leadsOn }: RecordParts,
): RunRecord {
  let noted: RunEvent[] = [];
  const note = (kind: EventKind, data: RunEvent['data'] = {}): void => {
    noted.push({ at: new Date().toISOString(), kind, data });
  };
  const say = (kind: EventKind, data: RunEvent['data']): void => {
    log[levelOf(kind, data)]({ run: run.id, event: kind, ...data }, `run ${kind}`);
  };
  const take = (kind: EventKind, data: RunEvent['data']): RunEvent[] => {
    note(kind, data);
    const events = noted;
    noted = [];
    for (const { kind: name, data: facts } of events) say(name, facts);
    return events;
  };
  return {
    note,
    say,
    add: (kind, data = {}, change = {}) => journal.append(run.id, take(kind, data), change, token),
    claimStart: (plan, data) => journal.claimStart(run.id, take('acting', data), plan, Date.now(), token),
    reclaim: (kind, data, claim) => journal.reclaim(run.id, take(kind, data), claim, Date.now(), token),
    async block(outcome, reason, plan, detail) {
      const data = { reason, ...(detail === undefined ? {} : { detail }) };
      const news = { run, plan, outcome, reason, detail, isClosed: false };
      const change = { outcome, reason, ...(plan === undefined ? {} : { plan }), owes: owedFor(news) };
      await journal.append(run.id, take('blocked', data), change, token);
      tell(news);
    },
    async finish(outcome, reason, plan = run.plan, detail) {
      const data = { outcome, reason, ...(detail === undefined ? {} : { detail }) };
      // Asked before the commit: what cannot be read then is tried again with it.
      const ailingSinceMs = outcome === 'verified' ? await journal.firstDeliveredAtMs(run) : undefined;
      const news = { run, plan, outcome, reason, detail, ailingSinceMs, isClosed: true };
      const change = { state: 'closed', outcome, reason, owes: owedFor(news) } as const;
      const events = take('finished', data);
      // Both in one commit: a process that is killed between the two would leave the step untried.
      const isLedOn = leadsOn({ ...run, state: 'closed', outcome, reason, plan });
      if (!isLedOn) await journal.append(run.id, events, change, token);
      const next = isLedOn
        ? await journal.closeAndOpenNext(run.id, events, change, new Date(), token)
        : undefined;
      tell({ ...news, next });
    },
  };
}

/** What is left to people stands out in the log. */
function levelOf(kind: EventKind, { outcome, reason }: RunEvent['data']): 'info' | 'warn' | 'error' {
  if (outcome === 'failed' || outcome === 'rolled_back') return kind === 'finished' ? 'error' : 'warn';
  return kind === 'blocked' && reason !== 'no_policy' ? 'warn' : 'info';
}
