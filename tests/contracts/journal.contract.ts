import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../remediator/alerts/alert.ts';
import type { Plan, Run, RunEvent } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const plan = makePlan();

function event(kind: RunEvent['kind'], data: RunEvent['data'] = {}): RunEvent {
  return { at: AT.toISOString(), kind, data };
}

/** What every journal must do, whatever it is kept in. */
export function describeJournalContract(store: () => Promise<JournalStore>): void {
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

  const reopen = async (): Promise<void> => {
    await journal.close();
    journal = await opened.open();
  };
  const accept = async (...alerts: Alert[]): Promise<string> => {
    const [id] = await journal.accept(alerts, AT);
    if (id === undefined) throw new Error('no run was opened');
    return id;
  };
  const load = async (id: string): Promise<Run> => {
    const run = await journal.run(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  };
  const claim = (id: string, change: Partial<Plan> = {}, atMs = 1000): Promise<boolean> =>
    journal.claimStart(id, [event('matched'), event('acting')], { ...plan, ...change }, atMs);
  const close = (id: string, outcome: 'verified' | 'failed' = 'verified'): Promise<void> =>
    journal.append(id, [event('finished')], { state: 'closed', outcome, reason: 'verified' });

  describe('pauses', () => {
    const pause = { since: AT.toISOString(), untilMs: 5000, by: 'me', reason: 'maintenance' };

    test('are none at first; the newest counts, over a restart, until it is ended', async () => {
      expect(await journal.pause()).toBeUndefined();
      await journal.startPause(pause);
      await journal.startPause({ ...pause, untilMs: undefined, by: 'you' });
      await reopen();
      expect(await journal.pause()).toEqual({ ...pause, untilMs: undefined, by: 'you' });
      await journal.endPause(AT, 'me');
      await reopen();
      expect(await journal.pause()).toBeUndefined();
    });

    test('who says to go on is recorded, also where there was no pause', async () => {
      expect(await journal.resumedAtMs()).toBeUndefined();
      await journal.startPause(pause);
      await journal.startPause(pause);
      expect(await journal.resumedAtMs()).toBeUndefined();
      await journal.endPause(AT, 'me');
      await journal.endPause(new Date(AT.getTime() + 5), 'me');
      await reopen();
      expect(await journal.resumedAtMs()).toBe(AT.getTime() + 5);
    });
  });

  test('a pause that came after the decision still holds the start back', async () => {
    const id = await accept(makeAlert());
    await journal.startPause({ since: AT.toISOString(), untilMs: 5000, by: 'me', reason: '' });
    expect(await claim(id, {}, 4999)).toBe(false);
    expect(await claim(id, {}, 5000)).toBe(true);
  });

  describe('accepting', () => {
    test('a firing alert opens a run, with its labels as they came', async () => {
      const labels = {
        alertname: 'A',
        instance: 'blog',
        odd: '\u0000 \n "\' $(id) žluť 🐎 \\ \ud800',
        __proto__x: '',
      };
      const id = await accept(makeAlert(labels));
      await reopen();
      expect(await load(id)).toEqual({
        id,
        alert: makeAlert(labels),
        attempt: 1,
        plan: undefined,
        state: 'waiting',
        outcome: undefined,
        reason: undefined,
        createdAt: AT.toISOString(),
        actedAtMs: undefined,
        events: [event('received', { status: 'firing', attempt: 1 })],
      });
    });

    test('an episode counts once, however often it is delivered', async () => {
      const first = await accept(makeAlert());
      await reopen();
      expect(await journal.accept([makeAlert(), makeAlert()], AT)).toEqual([first, first]);
      expect(await journal.runs(10)).toHaveLength(1);
    });

    test('an episode counts once where two deliveries come at the same time', async () => {
      const [one, two] = await Promise.all([accept(makeAlert()), accept(makeAlert())]);
      expect(one).toBe(two);
    });

    test('another start is another episode, and so is another fingerprint', async () => {
      const ids = await journal.accept(
        [
          makeAlert(),
          makeAlert({}, { startsAt: '2026-03-01T12:00:01.000Z' }),
          makeAlert({}, { fingerprint: 'b2' }),
        ],
        AT,
      );
      expect(new Set(ids).size).toBe(3);
    });

    test('the newest run of an alert is that of its last episode, and there its last attempt', async () => {
      expect(await journal.newestRun('a1')).toBeUndefined();
      const last = await accept(makeAlert({}, { startsAt: '2026-03-01T12:00:01.000Z' }));
      await accept(makeAlert());
      await accept(makeAlert({}, { fingerprint: 'b2', startsAt: '2026-03-01T12:00:02.000Z' }));
      expect(await journal.newestRun('a1')).toBe(last);
      expect(await journal.newestRun('a')).toBeUndefined();
    });

    test('the newest runs come first, as many as are asked for', async () => {
      const ids: string[] = [];
      for (const fingerprint of ['a', 'b', 'c']) ids.push(await accept(makeAlert({}, { fingerprint })));
      expect((await journal.runs(2)).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    });
  });

  describe('what happens in a run', () => {
    test('is kept in its order, together with the change', async () => {
      const id = await accept(makeAlert());
      const events = [event('matched'), event('blocked', { reason: 'limit' })];
      await journal.append(id, events, { outcome: 'blocked', reason: 'limit', plan });
      await reopen();
      const run = await load(id);
      expect(run).toMatchObject({ state: 'waiting', outcome: 'blocked', reason: 'limit', plan });
      expect(run.events.slice(1)).toEqual(events);
    });

    test('a closed run takes nothing more, and is no longer open', async () => {
      const id = await accept(makeAlert());
      await close(id);
      await expect(journal.append(id, [event('acted')], {})).rejects.toThrow(/closed/);
      expect((await load(id)).events.map(({ kind }) => kind)).toEqual(['received', 'finished']);
      expect(await journal.openRuns()).toEqual([]);
    });

    test('a run that is not there is undefined, and takes nothing', async () => {
      expect(await journal.run('nobody')).toBeUndefined();
      await expect(journal.append('nobody', [event('acted')], {})).rejects.toThrow(/nobody/);
    });

    test('a run cannot be closed without an outcome', async () => {
      const id = await accept(makeAlert());
      await expect(journal.append(id, [event('finished')], { state: 'closed' })).rejects.toThrow();
      expect((await load(id)).state).toBe('waiting');
    });

    test('one write that fails takes no other with it, and leaves nothing of itself', async () => {
      const bad = { ...makeAlert({}, { fingerprint: 'bad' }), startsAt: null as unknown as string };
      const results = await Promise.allSettled([
        accept(makeAlert({}, { fingerprint: 'c1' })),
        journal.append('nobody', [event('acted')], {}),
        journal.accept([makeAlert({}, { fingerprint: 'c2' }), bad], AT),
        accept(makeAlert({}, { fingerprint: 'c3' })),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect(results[2]).toMatchObject({ reason: { name: 'JournalError' } });
      const fingerprints = (await journal.runs(10)).map(({ alert }) => alert.fingerprint);
      expect(fingerprints.sort()).toEqual(['c1', 'c3']);
    });
  });

  describe('the claim of a start', () => {
    test('is made once: the second, and one after a restart, are refused', async () => {
      const id = await accept(makeAlert());
      expect((await Promise.all([claim(id), claim(id)])).sort()).toEqual([false, true]);
      await reopen();
      expect(await claim(id)).toBe(false);
      const run = await load(id);
      expect(run).toMatchObject({ state: 'acting', plan, actedAtMs: 1000 });
      expect(run.events.map(({ kind }) => kind)).toEqual(['received', 'matched', 'acting']);
    });

    test('takes back the reason why the run had to wait', async () => {
      const id = await accept(makeAlert());
      await journal.append(id, [event('blocked')], { outcome: 'blocked', reason: 'cooldown' });
      await claim(id);
      expect(await load(id)).toMatchObject({ outcome: undefined, reason: undefined });
    });

    test('is refused where the alert has ended', async () => {
      const id = await accept(makeAlert());
      await journal.accept([makeAlert({}, { status: 'resolved' })], AT);
      expect(await claim(id)).toBe(false);
      expect(await load(id)).toMatchObject({ state: 'waiting', actedAtMs: undefined });
    });

    test('is refused while another run is on the same host, until that is closed', async () => {
      const first = await accept(makeAlert());
      const second = await accept(makeAlert({}, { fingerprint: 'b2' }));
      await claim(first);
      for (const state of ['acting', 'verifying', 'undoing'] as const) {
        await journal.append(first, [event('verifying')], { state });
        expect(await claim(second)).toBe(false);
      }
      await close(first);
      expect(await claim(second)).toBe(true);
    });

    test('on another host is not held up', async () => {
      const first = await accept(makeAlert());
      const second = await accept(makeAlert({}, { fingerprint: 'b2' }));
      expect(await Promise.all([claim(first), claim(second, { host: 'web2' })])).toEqual([true, true]);
    });
  });
}
