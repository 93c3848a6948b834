import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunEvent } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const plan = makePlan();

function event(kind: RunEvent['kind']): RunEvent {
  return { at: AT.toISOString(), kind, data: {} };
}

/** What every journal must hold to in whatever order things come. */
export function describeJournalStarts(store: () => Promise<JournalStore>): void {
  test('no attempt is started twice, and no host by two, in whatever order things come', async () => {
    const step = fc.record({
      what: fc.constantFrom('deliver', 'resolve', 'claim', 'close', 'again', 'reopen'),
      episode: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const mine = await store();
        let current = await mine.open();
        for (const { what, episode } of steps) {
          if (what === 'reopen') {
            await current.close();
            current = await mine.open();
          } else await takeStep(current, what, `e${episode}`);
        }
        await expectSoundStarts(current);
        await current.close();
        await mine.remove();
      }),
      { numRuns: 25 },
    );
  });
}

/** Takes a step twice at once, as two Alertmanagers or two looks would. */
async function takeStep(on: Journal, what: string, fingerprint: string): Promise<void> {
  const alert = makeAlert({}, { fingerprint, status: what === 'resolve' ? 'resolved' : 'firing' });
  const newest = (await on.runs(100)).find((run) => run.alert.fingerprint === fingerprint);
  const once = (): Promise<unknown> => {
    if (newest === undefined || what === 'deliver' || what === 'resolve') return on.accept([alert], AT);
    if (what === 'claim') return on.claimStart(newest.id, [event('acting')], plan, 1);
    if (what === 'again') return on.openNextAttempt(newest.id, AT);
    return on.append(newest.id, [event('finished')], {
      state: 'closed',
      outcome: 'failed',
      reason: 'limit',
    });
  };
  await Promise.allSettled([once(), once()]);
}

async function expectSoundStarts(on: Journal): Promise<void> {
  const runs = await on.runs(100);
  const attempts = runs.map(({ alert, attempt }) => `${alert.fingerprint} ${attempt}`);
  const starts = runs.map(({ events }) => events.filter(({ kind }) => kind === 'acting').length);
  const ends = runs.map(({ events }) => events.filter(({ kind }) => kind === 'finished').length);
  expect(new Set(attempts).size).toBe(attempts.length);
  expect(Math.max(0, ...starts, ...ends)).toBeLessThanOrEqual(1);
  expect(runs.filter(({ state }) => state === 'acting').length).toBeLessThanOrEqual(1);
}
