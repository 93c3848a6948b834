import { JournalError } from './journal-error.ts';

/** The right to work on a run. One process has it at a time, and whoever takes it over has a higher token. */
export interface Lease {
  readonly token: number;
  /** Whether it is sure that nobody else has taken it over; to be asked last before anything is sent. */
  isHeld(): boolean;
  /** Aborts when that is no longer sure. */
  readonly signal: AbortSignal;
  /** Gives it back, so that whoever comes next need not wait. With `again` the run is abandoned unless somebody soon takes it. */
  release(left: 'done' | 'again'): Promise<void>;
}

/** Another process works on the run now: nothing of what was asked has happened. */
export class LeaseLostError extends JournalError {
  override readonly name: string = 'LeaseLostError';

  constructor(runId: string) {
    super(`run ${runId} was taken over by another process`);
  }
}
