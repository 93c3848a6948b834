import { z } from 'zod';
import { duration } from '../inventory/schema/values.ts';

/** A time in which nothing is started. What was started before it goes on to its end. */
export interface Pause {
  readonly since: string;
  /** In milliseconds since the epoch; undefined where it lasts until somebody ends it. */
  readonly untilMs: number | undefined;
  /** Who they say they are. */
  readonly by: string;
  readonly reason: string;
}

const by = z.string().min(1).max(100);

/** What asks for a pause. */
export const pauseRequestSchema = z.strictObject({
  /** How long; without it, until somebody ends it. */
  for: duration.refine((milliseconds) => milliseconds > 0).optional(),
  by,
  reason: z.string().max(300).default(''),
});

/** What ends a pause. */
export const resumeRequestSchema = z.strictObject({ by });

/** Whether a pause is on. */
export function isPaused(pause: Pause | undefined, nowMs: number): pause is Pause {
  return pause !== undefined && (pause.untilMs === undefined || nowMs < pause.untilMs);
}

/** Says of a pause what a person wants to know, in one sentence. */
export function describePause({ since, untilMs, by: who, reason }: Pause): string {
  const until = untilMs === undefined ? 'until it is ended' : `until ${new Date(untilMs).toISOString()}`;
  return `Paused by ${who} since ${since}, ${until}${reason === '' ? '' : `: ${reason}`}`;
}
