import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plan } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const plan = makePlan();

/** What every journal must tell about what happened before, for decisions. */
export function describeJournalPast(store: () => Promise<JournalStore>): void {
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
  const accept = async (
    fingerprint: string,
    at = AT,
    status: 'firing' | 'resolved' = 'firing',
  ): Promise<string> => {
    const [id] = await journal.accept([makeAlert({}, { fingerprint, status })], at);
    return id ?? '';
  };
  const close = (id: string, outcome: 'verified' | 'failed') =>
    journal.append(id, [], {
      state: 'closed',
      outcome,
      reason: outcome === 'verified' ? 'verified' : 'not_verified',
    });

  test('a fault was first delivered with the first attempt at its episode, or after one that was proved', async () => {
    const at = (minutes: number) => AT.getTime() + minutes * 60_000;
    const attempts = [await accept('a1'), '', ''];
    const ends = ['failed', 'verified'] as const;
    await accept('b2', new Date(at(-9)));
    for (const [index, outcome] of ends.entries()) {
      const id = attempts[index] ?? '';
      await journal.claimStart(id, [], plan, at(index));
      await close(id, outcome);
      attempts[index + 1] = (await journal.openNextAttempt(id, new Date(at(index + 1)))) ?? '';
    }
    const delivered = [];
    for (const id of attempts) {
      const run = await journal.run(id);
      delivered.push(run && (await journal.firstDeliveredAtMs(run)));
    }
    expect(delivered).toEqual([at(0), at(0), at(2)]);
  });

  test('runs that wait for an answer are counted until they have it', async () => {
    const [first, second] = [await accept('a1'), await accept('b2')];
    expect(await journal.countAwaitingApproval()).toBe(0);
    const waits = { outcome: 'awaiting_approval', reason: 'mode_needs_approval' } as const;
    for (const id of [first, second]) await journal.append(id, [], waits);
    expect(await journal.countAwaitingApproval()).toBe(2);
    await journal.append(first, [], { state: 'closed', outcome: 'denied', reason: 'denied' });
    await journal.append(second, [], { outcome: 'blocked', reason: 'limit' });
    expect(await journal.countAwaitingApproval()).toBe(0);
  });

  test('an alert is in hand from the start of its run to its end, and while it fires on after the proof', async () => {
    const start = async (fingerprint: string, alertname: string, atMs: number): Promise<string> => {
      const alert = makeAlert({ alertname }, { fingerprint });
      const [id = ''] = await journal.accept([alert], AT);
      await journal.claimStart(id, [], { ...plan, host: fingerprint, target: `of-${fingerprint}` }, atMs);
      return id;
    };
    await accept('a1');
    const blocked = await accept('a2');
    await journal.append(blocked, [], { outcome: 'blocked', reason: 'limit', plan });
    await start('b1', 'Acting', 1);
    await journal.append(await start('b2', 'Rests', 1), [], { state: 'resting' });
    await close(await start('b3', 'Proved', 2000), 'verified');
    await close(await start('b4', 'ProvedLongAgo', 1999), 'verified');
    await close(await start('b5', 'Failed', 2000), 'failed');
    const over = await start('b6', 'Over', 2000);
    await close(over, 'verified');
    await journal.accept([makeAlert({ alertname: 'Over' }, { fingerprint: 'b6', status: 'resolved' })], AT);
    await reopen();
    const inHand = await journal.alertsInHand(2000);
    expect(inHand.toSorted((a, b) => a.alertname.localeCompare(b.alertname))).toEqual([
      { alertname: 'Acting', target: 'of-b1' },
      { alertname: 'Proved', target: 'of-b3' },
      { alertname: 'Rests', target: 'of-b2' },
    ]);
  });

  describe('the actions of the past', () => {
    const act = async (fingerprint: string, change: Partial<Plan>, atMs: number): Promise<string> => {
      const id = await accept(fingerprint);
      await journal.claimStart(id, [], { ...plan, ...change }, atMs);
      await close(id, 'verified');
      return id;
    };
    const query = { policy: 'fix', policySinceMs: 1000, host: 'web1', hostSinceMs: 3000 };

    test('are those of a policy and those on a host, each once and since its own time, oldest first', async () => {
      await act('a1', {}, 999);
      await act('a2', { policy: 'other' }, 2999);
      const second = await act('a3', { policy: 'other', parameters: { service: 'nginx' } }, 4000);
      const first = await act('a4', { host: 'web2' }, 1000);
      const third = await act('a5', {}, 5000);
      await act('a6', { policy: 'other', host: 'web2' }, 6000);
      await reopen();
      const past = await journal.pastActions(query);
      expect(past.map(({ runId }) => runId)).toEqual([first, second, third]);
      expect(past[1]).toEqual({
        runId: second,
        fingerprint: 'a3',
        plan: { ...plan, policy: 'other', parameters: { service: 'nginx' } },
        atMs: 4000,
        outcome: 'verified',
        reason: 'verified',
      });
    });

    test('have no outcome while they are under way', async () => {
      const id = await accept('a1');
      await journal.claimStart(id, [], plan, 5000);
      expect(await journal.pastActions(query)).toMatchObject([{ runId: id, outcome: undefined }]);
    });
  });

  describe('the last actions on hosts', () => {
    const drill = { ...plan, action: 'host.drill' };
    const said = (outcome: string) => [{ at: AT.toISOString(), kind: 'acted' as const, data: { outcome } }];
    const begin = async (fingerprint: string, atMs: number, change: Partial<Plan> = {}): Promise<string> => {
      const id = await accept(fingerprint);
      await journal.claimStart(id, [], { ...drill, ...change }, atMs);
      return id;
    };
    const last = () => journal.lastActions('host.drill', ['web1', 'web2']);
    const never = { host: 'web2', begunAtMs: undefined, succeededAtMs: undefined };

    test('are those of that action, and never where there was none', async () => {
      const other = await begin('a1', 1000, { action: 'host.free-disk' });
      await journal.append(other, said('succeeded'), { state: 'verifying' });
      expect(await last()).toEqual([{ ...never, host: 'web1' }, never]);
      expect(await journal.lastActions('host.drill', [])).toEqual([]);
    });

    test('went well where the action said so, from then on and once that is proved', async () => {
      const id = await begin('a1', 1000);
      expect(await last()).toEqual([{ host: 'web1', begunAtMs: 1000, succeededAtMs: undefined }, never]);
      await journal.append(id, said('succeeded'), { state: 'verifying' });
      expect(await last()).toEqual([{ host: 'web1', begunAtMs: 1000, succeededAtMs: 1000 }, never]);
      await close(id, 'verified');
      await reopen();
      expect(await last()).toEqual([{ host: 'web1', begunAtMs: 1000, succeededAtMs: 1000 }, never]);
    });

    test('did not go well where the action failed, or could not be proved: the one before it counts', async () => {
      const good = await begin('a1', 1000);
      await journal.append(good, said('succeeded'), { state: 'verifying' });
      await close(good, 'verified');
      const failed = await begin('a2', 2000);
      await journal.append(failed, said('failed'), { state: 'verifying' });
      expect(await last()).toEqual([{ host: 'web1', begunAtMs: 2000, succeededAtMs: 1000 }, never]);
      await close(failed, 'failed');
      const unproved = await begin('a3', 3000);
      await journal.append(unproved, said('succeeded'), { state: 'verifying' });
      await close(unproved, 'failed');
      expect(await last()).toEqual([{ host: 'web1', begunAtMs: 3000, succeededAtMs: 1000 }, never]);
    });
  });

  describe('the episodes of the last hours', () => {
    const later = new Date(AT.getTime() + 1);

    test('are the newest attempts since a time, with their end where it came', async () => {
      await accept('a1', AT);
      const firing = await accept('a2', later);
      const ended = await accept('a3', later);
      await accept('a3', later, 'resolved');
      const blocked = await accept('a4', later);
      await close(blocked, 'failed');
      await reopen();
      const common = { labels: makeAlert().labels, acceptedAtMs: later.getTime() };
      const episodes = await journal.episodesSince(later.getTime());
      expect(episodes).toHaveLength(3);
      expect(episodes).toEqual(
        expect.arrayContaining([
          { ...common, runId: firing, isFiring: true, isClosed: false },
          { ...common, runId: ended, isFiring: false, isClosed: false },
          { ...common, runId: blocked, isFiring: true, isClosed: true },
        ]),
      );
    });

    test('leave out what was proved, and attempts that have another after them', async () => {
      const healed = await accept('a1');
      await journal.claimStart(healed, [], plan, 1);
      await close(healed, 'verified');
      const first = await accept('a2');
      await journal.claimStart(first, [], plan, 2);
      await close(first, 'failed');
      const second = await journal.openNextAttempt(first, AT);
      expect((await journal.episodesSince(0)).map(({ runId }) => runId)).toEqual([second]);
    });
  });

  describe('what is removed', () => {
    const before = AT.getTime() + 1000;
    const ids = async () => (await journal.runs(100)).map(({ id }) => id).sort();
    const act = async (fingerprint: string, atMs = before - 1): Promise<string> => {
      const id = await accept(fingerprint);
      await journal.claimStart(id, [], plan, atMs);
      await close(id, 'failed');
      return id;
    };
    const resolve = (fingerprint: string) => accept(fingerprint, AT, 'resolved');

    test('is what was over before a time, with all attempts and events, the oldest first', async () => {
      const first = await act('a1');
      await close((await journal.openNextAttempt(first, new Date(before - 1))) ?? '', 'failed');
      await resolve('a1');
      const second = await accept('a2', new Date(before - 1));
      await close(second, 'failed');
      await accept('a2', AT, 'resolved');
      expect(await journal.removeEpisodes(before, 1)).toBe(1);
      expect(await ids()).toEqual([second]);
      expect(await journal.run(first)).toBeUndefined();
      expect(await journal.removeEpisodes(before, 10)).toBe(1);
      expect(await journal.removeEpisodes(before, 10)).toBe(0);
      await reopen();
      expect(await ids()).toEqual([]);
    });

    test('is not what is open, fires still, or was opened or started since', async () => {
      await accept('open');
      await resolve('open');
      await act('firing');
      await accept('firing', new Date(AT.getTime() + 60_000));
      const started = await act('started', before);
      await resolve('started');
      const opened = await accept('opened', new Date(before));
      await close(opened, 'failed');
      await accept('opened', AT, 'resolved');
      const retried = await act('retried');
      const again = await journal.openNextAttempt(retried, new Date(before));
      await close(again ?? '', 'failed');
      await resolve('retried');
      const all = await ids();
      expect(all).toHaveLength(6);
      expect(all).toEqual(expect.arrayContaining([started, opened, retried, again]));
      expect(await journal.removeEpisodes(before, 100)).toBe(0);
      expect(await ids()).toEqual(all);
    });

    test('is also an alert that was last delivered before it, whose end was never told', async () => {
      await act('a1');
      expect(await journal.removeEpisodes(AT.getTime(), 100)).toBe(0);
      expect(await journal.removeEpisodes(before, 100)).toBe(1);
      expect(await ids()).toEqual([]);
    });

    test('is also an alert whose end was never told, once it has started anew', async () => {
      await act('a1');
      const startsAt = '2026-03-02T12:00:00.000Z';
      const [anew] = await journal.accept([makeAlert({}, { fingerprint: 'a1', startsAt })], AT);
      expect(await journal.removeEpisodes(before, 100)).toBe(1);
      expect(await ids()).toEqual([anew]);
    });
  });

  describe('the starts of the program', () => {
    test('without an end are counted since a time, for each instance by itself', async () => {
      const start = (instance: string, atMs: number, sinceMs = 0) =>
        journal.noteStart(instance, new Date(atMs), sinceMs);
      expect(await start('one', 1000)).toBe(0);
      expect(await start('one', 2000)).toBe(1);
      expect(await start('two', 2500)).toBe(0);
      await journal.noteStop('one', new Date(2600));
      await reopen();
      expect(await start('one', 3000)).toBe(1);
      expect(await start('one', 4000, 1001)).toBe(1);
      expect(await start('one', 5000, 3000)).toBe(2);
    });
  });
}
