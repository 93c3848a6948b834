import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../remediator/run/run.ts';
import type { Journal, Reclaim } from '../../remediator/store/journal.ts';
import { LeaseLostError } from '../../remediator/store/lease.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const plan = makePlan({ policy: 'restart-bot', action: 'bot.restart', target: 'trend' });
const event = (kind: RunEvent['kind']): RunEvent => ({ at: AT.toISOString(), kind, data: {} });

/** What every journal must do about a run that rests between two of its steps. */
export function describeRestingRuns(store: () => Promise<JournalStore>): void {
  describe('a run that rests', () => {
    let opened: JournalStore;
    let journal: Journal;
    let id: string;

    const accept = async (fingerprint: string): Promise<string> => {
      const [run = ''] = await journal.accept([makeAlert({}, { fingerprint })], AT);
      return run;
    };
    const claim = (run: string, atMs = 1000) => journal.claimStart(run, [event('acting')], plan, atMs);
    const reclaim = (state: Reclaim['state'], atMs = 2000, isHeldBack = state === 'acting') =>
      journal.reclaim(id, [event('acted')], { state, isHeldBack }, atMs);
    const finish = (run: string) =>
      journal.append(run, [], { state: 'closed', outcome: 'verified', reason: 'verified' });

    beforeEach(async () => {
      opened = await store();
      journal = await opened.open();
      id = await accept('a1');
      await claim(id);
      await journal.append(id, [event('acted')], { state: 'resting' });
    });
    afterEach(async () => {
      await journal.close();
      await opened.remove();
    });

    test('is open over a restart, and started when it was', async () => {
      await journal.close();
      journal = await opened.open();
      expect(await journal.openRuns()).toMatchObject([{ id, state: 'resting', actedAtMs: 1000, plan }]);
      expect(await claim(id)).toBe(false);
    });

    test('holds no host; it gets that back once, when the other run has ended', async () => {
      const other = await accept('b2');
      expect(await claim(other)).toBe(true);
      for (const state of ['acting', 'verifying', 'undoing'] as const)
        expect(await reclaim(state)).toBe(false);
      await finish(other);
      expect((await Promise.all([reclaim('acting'), reclaim('acting')])).sort()).toEqual([false, true]);
      const run = await journal.run(id);
      expect(run).toMatchObject({ state: 'acting', actedAtMs: 1000 });
      expect(run?.events.map(({ kind }) => kind)).toEqual(['received', 'acting', 'acted', 'acted']);
      expect(await claim(await accept('c3'))).toBe(false);
    });

    test('does not act on where a pause is on, but is put back, and ends what was begun', async () => {
      await journal.startPause({ since: AT.toISOString(), untilMs: 5000, by: 'me', reason: 'work' });
      expect(await reclaim('acting', 4999)).toBe(false);
      expect(await reclaim('undoing', 4999)).toBe(true);
      await journal.append(id, [], { state: 'resting' });
      expect(await reclaim('acting', 4999, false)).toBe(true);
      await journal.append(id, [], { state: 'resting' });
      expect(await reclaim('acting', 5000)).toBe(true);
    });

    test('does not act on where its alert has ended, but is put back', async () => {
      await journal.accept([makeAlert({}, { fingerprint: 'a1', status: 'resolved' })], AT);
      expect(await reclaim('acting')).toBe(false);
      expect(await reclaim('verifying', 2000, true)).toBe(false);
      expect(await reclaim('undoing')).toBe(true);
    });

    test('is claimed by who works on it alone', async () => {
      const old = await journal.takeLease(id);
      await old?.release('again');
      const lease = await journal.takeLease(id);
      const by = (token?: number) =>
        journal.reclaim(id, [event('acted')], { state: 'acting', isHeldBack: true }, 2000, token);
      await expect(by(old?.token)).rejects.toBeInstanceOf(LeaseLostError);
      expect(await journal.run(id)).toMatchObject({ state: 'resting' });
      expect(await by(lease?.token)).toBe(true);
    });

    test.each(['closed', 'acting'] as const)('is not claimed where it is %s', async (state) => {
      await journal.append(id, [], { state, outcome: 'failed', reason: 'not_verified' });
      expect(await reclaim('undoing')).toBe(false);
    });
  });
}
