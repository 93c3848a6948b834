import type { Owed } from './notify/message.ts';
import { isPaused, type Pause } from './pause.ts';
import type { Journal } from './store/journal.ts';

/** So many starts of one instance without an end, in this time, are a loop. */
const STARTS = 3;
const WINDOW_MS = 10 * 60_000;

/**
 * Notes that this instance starts. Where it has ended badly again and again just before, it starts paused, and resolves with that pause: what it does may be
 * what ends it.
 */
export async function noteStart(
  journal: Journal,
  instance: string,
  nowMs: number,
  owedFor: (pause: Pause) => Owed | undefined,
): Promise<Pause | undefined> {
  const badEnds = await journal.noteStart(instance, new Date(nowMs), nowMs - WINDOW_MS);
  if (badEnds < STARTS || isPaused(await journal.pause(), nowMs)) return undefined;
  const since = new Date(nowMs).toISOString();
  const reason = `it has ended badly ${badEnds} times within ten minutes; look at its log, then: steward resume`;
  const pause: Pause = { since, untilMs: undefined, by: 'steward', reason };
  await journal.startPause(pause, owedFor(pause));
  return pause;
}
