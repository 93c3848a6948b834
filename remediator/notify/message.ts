import type { Reason, RunOutcome } from '../run/run.ts';

/** What people are told, whoever takes it to them. */
export interface Message {
  /** The same whenever it is sent: what comes a second time can be told by it. */
  readonly id: string;
  /** When it came to be told. */
  readonly at: string;
  readonly outcome: RunOutcome | 'paused';
  readonly reason: Reason;
  readonly detail: string | null;
  /** Whether that is the end of the run; otherwise it is looked at again while the alert fires. */
  readonly closed: boolean;
  /** Null where it is about Steward itself. */
  readonly run: {
    readonly id: string;
    readonly alertname: string | null;
    readonly instance: string | null;
    readonly policy: string | null;
    readonly action: string | null;
    readonly target: string | null;
    readonly host: string | null;
  } | null;
}

/** A message that people are owed from the commit on that writes what it tells of. */
export interface Owed {
  readonly message: Message;
  /** Where it tells of what holds all runs back: it is owed only where nobody was owed word of that subject for so long. */
  readonly once?: { readonly subject: string; readonly againMs: number } | undefined;
}
