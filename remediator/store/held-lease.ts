import type { LeaseTimes } from './lease-times.ts';

/** A moment by both clocks: the one goes on over a change of the time, the other while the machine sleeps. */
export interface Moment {
  readonly steadyMs: number;
  readonly wallMs: number;
}

/** This moment. */
export function momentNow(): Moment {
  return { steadyMs: performance.now(), wallMs: Date.now() };
}

/** A lease of this process, and until when it is sure: somewhat shorter than the database has it. */
export class HeldLease {
  readonly runId: string;
  readonly token: number;
  readonly #sureMs: number;
  readonly #lost = new AbortController();
  #sureUntil: Moment | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `asked` is the moment before the database was asked for it. */
  constructor(runId: string, token: number, asked: Moment, { leaseMs, marginMs }: LeaseTimes) {
    this.runId = runId;
    this.token = token;
    this.#sureMs = leaseMs - marginMs;
    this.prolong(asked);
  }

  /** Aborts when it is no longer sure that the lease is held. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  isHeld(): boolean {
    const until = this.#sureUntil;
    return until !== undefined && performance.now() < until.steadyMs && Date.now() < until.wallMs;
  }

  /** It was renewed; `asked` is the moment before the database was asked. */
  prolong({ steadyMs, wallMs }: Moment): void {
    if (this.#lost.signal.aborted) return;
    this.#sureUntil = { steadyMs: steadyMs + this.#sureMs, wallMs: wallMs + this.#sureMs };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.lose(), steadyMs + this.#sureMs - performance.now()).unref();
  }

  /** It may be another's. */
  lose(): void {
    this.end();
    this.#lost.abort(new Error(`run ${this.runId} may have been taken over by another process`));
  }

  /** It is given back, or not looked after any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#sureUntil = undefined;
  }
}
