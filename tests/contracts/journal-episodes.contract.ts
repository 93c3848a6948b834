import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../remediator/alerts/alert.ts';
import type { Run, RunEvent } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { LeaseLostError } from '../../remediator/store/lease.ts';
import { makeAlert, STARTS_AT } from '../remediator/alerts.ts';
import type { JournalStore } from './journal-store.ts';
import { makePlan } from '../remediator/plans.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const EARLIER = '2026-03-01T11:59:58.000Z';
const LATER = '2026-03-01T12:00:01.000Z';
const MINUTE_MS = 60_000;
const after = (milliseconds: number) => new Date(AT.getTime() + milliseconds);
const event = (kind: RunEvent['kind'], data: RunEvent['data'] = {}): RunEvent => ({
  at: AT.toISOString(),
  kind,
  data,
});
const plan = makePlan();
const failed = { outcome: 'failed', reason: 'not_verified' } as const;

/** What every journal must make of the deliveries of an alert, from its beginning to its end. */
export function describeJournalEpisodes(store: () => Promise<JournalStore>): void {
  let opened: JournalStore;
  let journal: Journal;
  beforeEach(async () => {
    opened = await store();
    journal = await opened.open();
  });
  afterEach(async () => {
    await journal.close();
    await opened.remove();
  });

  const firing = (startsAt = STARTS_AT, at = AT) => journal.accept([makeAlert({}, { startsAt })], at);
  const resolved = (startsAt = STARTS_AT, at = AT) =>
    journal.accept([makeAlert({}, { startsAt, status: 'resolved' })], at);
  const opens = async (...alerts: Alert[]): Promise<string> => {
    const [id = ''] = await journal.accept(alerts.length > 0 ? alerts : [makeAlert()], AT);
    return id;
  };
  const load = async (id = ''): Promise<Run> => {
    const run = await journal.run(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  };
  const closed = (id: string) => journal.append(id, [event('finished')], { ...failed, state: 'closed' });
  const acts = (id: string) => journal.claimStart(id, [event('acting')], plan, 1000);
  const statuses = async (): Promise<string[]> =>
    (await journal.runs(10)).map(({ attempt, state, alert }) => `${attempt} ${state} ${alert.status}`);

  describe('the end of an alert', () => {
    test('is noted once, and a firing one that comes late changes nothing', async () => {
      const id = await opens();
      await resolved();
      await journal.accept([makeAlert({}, { status: 'resolved' }), makeAlert()], after(2 * MINUTE_MS));
      const { alert, events } = await load(id);
      expect(alert.status).toBe('resolved');
      expect(events.map(({ data }) => data['status'])).toEqual(['firing', 'resolved']);
    });

    test('is told where the alert starts anew, also where nobody told of it', async () => {
      const other = await opens(makeAlert({}, { fingerprint: 'b2' }));
      const first = await opens();
      const [second, ...ended] = await firing(LATER);
      expect(ended).toEqual([first]);
      const { alert, events } = await load(first);
      expect(alert.status).toBe('resolved');
      expect(events.at(-1)).toEqual(event('received', { status: 'resolved', startedAnew: LATER }));
      expect(await journal.accept([makeAlert(), makeAlert({}, { startsAt: LATER })], AT)).toEqual([
        second,
        second,
      ]);
      for (const id of [other, second]) expect((await load(id)).alert.status).toBe('firing');
    });

    test('that is not known ends the episodes before it', async () => {
      const first = await opens();
      expect(await resolved(LATER)).toEqual([first]);
      expect((await load(first)).alert.status).toBe('resolved');
    });

    test('that comes before its beginning is one closed run, and the beginning opens nothing', async () => {
      expect(await resolved()).toEqual([]);
      const [run, ...others] = await journal.runs(10);
      expect(others).toEqual([]);
      expect(run).toMatchObject({
        alert: { status: 'resolved' },
        state: 'closed',
        outcome: 'blocked',
        reason: 'alert_resolved',
      });
      expect(run?.events.map(({ kind }) => kind)).toEqual(['received', 'finished']);
      await firing(STARTS_AT, after(MINUTE_MS));
      expect(await journal.openRuns()).toEqual([]);
    });
  });

  describe('an alert of which two Prometheus servers have a start each', () => {
    test('is one episode, be the earlier start told first or last', async () => {
      const id = await opens(makeAlert({}, { startsAt: LATER }));
      expect(await firing(EARLIER)).toEqual([id]);
      expect(await firing(STARTS_AT)).toEqual([id]);
      expect(await statuses()).toEqual(['1 waiting firing']);
    });

    test('ends with the end of the earlier start', async () => {
      const id = await opens(makeAlert({}, { startsAt: LATER }));
      await firing(EARLIER);
      expect(await resolved(EARLIER)).toEqual([id]);
      expect(await statuses()).toEqual(['1 waiting resolved']);
    });

    test('whose earlier episode ended long ago is not ended by that end, told again', async () => {
      await opens();
      await resolved();
      await firing(LATER);
      await resolved(STARTS_AT, after(1000));
      expect(await statuses()).toEqual(['1 waiting firing', '1 waiting resolved']);
    });
  });

  describe('an alert that fires long after its end, with the start that it had', () => {
    const back = after(2 * MINUTE_MS + 1);

    test('has another attempt, once', async () => {
      const first = await opens();
      await closed(first);
      await resolved();
      const [second, ...others] = await journal.accept([makeAlert(), makeAlert()], back);
      expect(others).toEqual([second]);
      expect(second).not.toBe(first);
      expect(await statuses()).toEqual(['2 waiting firing', '1 closed resolved']);
      expect(await firing(STARTS_AT, back)).toEqual([second]);
      expect(await acts(second ?? '')).toBe(true);
    });

    test('goes on with its run where that is open', async () => {
      const first = await opens();
      await resolved();
      expect(await firing(STARTS_AT, back)).toEqual([first]);
      expect(await statuses()).toEqual(['1 waiting firing']);
      expect(await acts(first)).toBe(true);
    });

    test('has another attempt by an earlier start, too, at the episode that is known', async () => {
      await closed(await opens());
      await resolved();
      const [second] = await firing(EARLIER, back);
      expect(await load(second)).toMatchObject({ attempt: 2, alert: { startsAt: STARTS_AT } });
    });
  });

  describe('an alert that is not delivered any more', () => {
    const unseen = async (beforeMs: number) => (await journal.unseenRuns(beforeMs)).map(({ runId }) => runId);
    const seenMs = AT.getTime();

    test('is told with its run, as long as that waits, the oldest first', async () => {
      const [first, second, acting, done, over] = [
        await opens(makeAlert({ note: 'x' }, { fingerprint: 'a1' })),
        await opens(makeAlert({}, { fingerprint: 'b2' })),
        await opens(makeAlert({}, { fingerprint: 'c3' })),
        await opens(makeAlert({}, { fingerprint: 'd4' })),
        await opens(makeAlert({}, { fingerprint: 'e5' })),
      ];
      await acts(acting);
      await closed(done);
      await journal.accept([makeAlert({}, { fingerprint: 'e5', status: 'resolved' })], AT);
      expect(await journal.unseenRuns(seenMs + 1)).toEqual([
        { runId: first, alert: makeAlert({ note: 'x' }) },
        { runId: second, alert: makeAlert({}, { fingerprint: 'b2' }) },
      ]);
      expect(await unseen(seenMs)).toEqual([]);
      expect(over).not.toBe('');
    });

    test('was seen when it was delivered last, which is noted once a minute', async () => {
      const id = await opens();
      await firing(STARTS_AT, after(MINUTE_MS - 1));
      expect(await unseen(seenMs + 1)).toEqual([id]);
      await firing(STARTS_AT, after(MINUTE_MS));
      await firing(EARLIER, after(MINUTE_MS + 1));
      expect(await unseen(seenMs + MINUTE_MS)).toEqual([]);
      expect(await unseen(seenMs + MINUTE_MS + 1)).toEqual([id]);
    });

    test('is ended once, and not where it was delivered in between', async () => {
      const id = await opens();
      expect(await journal.endUnseen(id, seenMs, after(1))).toBe(false);
      const both = [1, 2].map(() => journal.endUnseen(id, seenMs + 1, after(5)));
      expect((await Promise.all(both)).sort()).toEqual([false, true]);
      const { alert, events } = await load(id);
      expect(alert.status).toBe('resolved');
      expect(events).toHaveLength(2);
      expect(events[1]).toEqual({
        at: after(5).toISOString(),
        kind: 'received',
        data: { status: 'resolved', notSeenSince: after(1).toISOString() },
      });
      expect(await acts(id)).toBe(false);
      await firing(STARTS_AT, after(3 * MINUTE_MS));
      expect((await load(id)).alert.status).toBe('firing');
    });

    test.each(['acting', 'resting'] as const)('is left alone where its run is %s', async (state) => {
      const id = await opens();
      await acts(id);
      await journal.append(id, [], { state });
      expect(await journal.endUnseen(id, seenMs + 1, after(1))).toBe(false);
      expect((await load(id)).alert.status).toBe('firing');
    });
  });

  describe('the next attempt', () => {
    test('is opened once, at the same episode, by a run that acted and is closed', async () => {
      const first = await opens();
      await acts(first);
      expect(await journal.openNextAttempt(first, AT)).toBeUndefined();
      await closed(first);
      const attempts = await Promise.all([1, 2].map(() => journal.openNextAttempt(first, AT)));
      const [second, ...others] = attempts.filter((id) => id !== undefined);
      expect(others).toEqual([]);
      expect(await load(second)).toMatchObject({ attempt: 2, state: 'waiting', alert: makeAlert() });
      expect(await firing()).toEqual([second]);
    });

    test('is not opened where the alert has ended, or nothing was done', async () => {
      const unacted = await opens();
      await closed(unacted);
      expect(await journal.openNextAttempt(unacted, AT)).toBeUndefined();
      const acted = await opens(makeAlert({}, { fingerprint: 'b2' }));
      await acts(acted);
      await closed(acted);
      await journal.accept([makeAlert({}, { fingerprint: 'b2', status: 'resolved' })], AT);
      expect(await journal.openNextAttempt(acted, AT)).toBeUndefined();
    });

    test('is opened together with the end of the one before, or neither is', async () => {
      const first = await opens();
      await acts(first);
      const lost = await journal.takeLease(first);
      await lost?.release('again');
      const lease = await journal.takeLease(first);
      const end = (token?: number) =>
        journal.closeAndOpenNext(first, [event('finished')], failed, after(9), token);
      await expect(end(lost?.token)).rejects.toBeInstanceOf(LeaseLostError);
      expect(await statuses()).toEqual(['1 acting firing']);
      const second = await end(lease?.token);
      expect(await load(first)).toMatchObject({ ...failed, state: 'closed' });
      expect(await load(second)).toMatchObject({ attempt: 2, createdAt: after(9).toISOString() });
      await expect(end()).rejects.toThrow(/closed/);
      expect(await statuses()).toEqual(['2 waiting firing', '1 closed firing']);
    });

    test('is not opened with the end of one whose alert has ended', async () => {
      const first = await opens();
      await acts(first);
      await resolved();
      expect(await journal.closeAndOpenNext(first, [], failed, AT)).toBeUndefined();
      expect(await statuses()).toEqual(['1 closed resolved']);
    });
  });
}
