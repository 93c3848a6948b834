import type { Stage } from './stage.ts';

/** Something that is wrong on the lab, and the alerts that tell of it. */
export interface AlertFault {
  /** What is wrong, for people. */
  readonly description: string;
  /** The alerts that fire because of it, and did not before. */
  readonly alerts: readonly string[];
  /** Labels by which one of them is known, where others may fire, too. */
  readonly of?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Makes it so. It is, once what this returns is resolved. What goes on, such as visitors, ends with the signal. */
  readonly inject: (stage: Stage, ended: AbortSignal) => unknown;
  /** Mends what later faults need. */
  readonly mend?: (stage: Stage) => unknown;
}

/** Faults that come together, since none of them hides another's alerts. */
export interface Act {
  readonly name: string;
  readonly faults: readonly AlertFault[];
  /** Its alerts may fire from the first moment on. */
  readonly isFromTheStart?: boolean;
}
