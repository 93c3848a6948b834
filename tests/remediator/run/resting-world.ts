import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import type { Silences } from '../../../remediator/alertmanager/silences.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert } from '../alerts.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

/** An hour, in milliseconds. */
export const HOUR_MS = 3_600_000;
/** The alert about the bot. */
export const drift = makeAlert({ instance: 'trend' });

/** A scripted world in which a bot with two open trades is to be restarted within an hour. */
export interface RestingWorld {
  readonly scripted: () => ScriptedWorld;
  readonly silences: {
    readonly set: jest.Mock<Silences['set']>;
    readonly lift: jest.Mock<Silences['lift']>;
  };
  readonly newest: () => Promise<Run>;
  /** Has the newest run looked at once. */
  readonly look: () => Promise<Run>;
  /** Takes a run into its first wait, and past the time in which nothing counts. */
  readonly rest: () => Promise<void>;
  /** What the bot was told, and what was sent to its host. */
  readonly told: () => readonly string[];
  readonly verbs: () => readonly string[];
}

/** From now on it is so much later than it was at first. */
export function later(ms: number): void {
  jest.restoreAllMocks();
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

/** Sets one up for the tests of a file. */
export function useRestingWorld(): RestingWorld {
  const silences = { set: jest.fn<Silences['set']>(), lift: jest.fn<Silences['lift']>() };
  let world: ScriptedWorld;
  beforeEach(async () => {
    silences.set.mockReset().mockResolvedValue('s1');
    silences.lift.mockReset().mockResolvedValue();
    world = await startScriptedWorld(silences);
    world.world.policy = { action: 'bot.restart', with: { hours: 1 } };
    world.world.bot.open = 2;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await world.stop();
  });
  const newest = async (): Promise<Run> => {
    const [run] = await world.journal.runs(1);
    if (run === undefined) throw new Error('there is no run');
    return run;
  };
  return {
    scripted: () => world,
    silences,
    newest,
    async look() {
      const { id } = await newest();
      world.worker.look(id);
      await world.worker.idle();
      return newest();
    },
    async rest() {
      await world.deliver(drift);
      expect(await newest()).toMatchObject({ state: 'resting', outcome: undefined });
      later(6000);
    },
    told: () => world.world.bot.told,
    verbs: () => world.sent.map(({ verb, slots }) => [verb, ...slots].join(' ')),
  };
}
