import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../remediator/run/run.ts';
import { JournalError } from '../../remediator/store/journal-error.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { LeaseLostError, type Lease } from '../../remediator/store/lease.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const plan = makePlan();
const acting: RunEvent = { at: AT.toISOString(), kind: 'acting', data: {} };

/** What every journal must hold to about the right to work on a run. */
export function describeJournalLeases(store: () => Promise<JournalStore>): void {
  let opened: JournalStore;
  let journal: Journal;
  let runId: string;
  beforeEach(async () => {
    opened = await store();
    journal = await opened.open();
    [runId = ''] = await journal.accept([makeAlert()], AT);
  });
  afterEach(async () => {
    await journal.close();
    await opened.remove();
  });

  const take = async (): Promise<Lease> => {
    const lease = await journal.takeLease(runId);
    if (lease === undefined) throw new Error('the lease was refused');
    return lease;
  };

  describe('the lease of a run', () => {
    test('is given to one at a time, and again once it was given back', async () => {
      const both = await Promise.all([journal.takeLease(runId), journal.takeLease(runId)]);
      const [first, ...others] = both.filter((lease) => lease !== undefined);
      expect(others).toEqual([]);
      expect(first?.isHeld()).toBe(true);
      await first?.release('done');
      expect((await take()).token).toBeGreaterThan(first?.token ?? Infinity);
    });

    test('lets its holder write, and start', async () => {
      const { token } = await take();
      await journal.append(runId, [], { outcome: 'blocked', reason: 'limit' }, token);
      expect(await journal.claimStart(runId, [acting], plan, 1000, token)).toBe(true);
    });

    test('that another has taken since lets nothing be written, and nothing be started', async () => {
      const old = await take();
      await old.release('again');
      const { token } = await take();
      const late = journal.append(runId, [acting], { outcome: 'blocked', reason: 'limit' }, old.token);
      await expect(late).rejects.toBeInstanceOf(LeaseLostError);
      await expect(late).rejects.toBeInstanceOf(JournalError);
      await expect(journal.claimStart(runId, [acting], plan, 1000, old.token)).rejects.toThrow(/taken over/);
      const run = await journal.run(runId);
      expect(run).toMatchObject({ state: 'waiting', outcome: undefined });
      expect(run?.events).toHaveLength(1);
      await old.release('done');
      expect(await journal.takeLease(runId)).toBeUndefined();
      expect(await journal.claimStart(runId, [acting], plan, 1000, token)).toBe(true);
    });

    test('is not needed for what people say of the run, nor for what becomes of its alert', async () => {
      await take();
      await journal.append(runId, [{ at: AT.toISOString(), kind: 'approved', data: {} }], {});
      await journal.accept([makeAlert({}, { status: 'resolved' })], AT);
      expect((await journal.run(runId))?.events).toHaveLength(3);
    });

    test('does not keep others from seeing the run', async () => {
      await take();
      expect(await journal.run(runId)).toMatchObject({ id: runId, state: 'waiting' });
    });

    test('of a run that is done leaves nothing abandoned', async () => {
      await (await take()).release('done');
      expect(await journal.abandonedRuns()).toEqual([]);
    });
  });
}
