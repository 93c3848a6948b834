import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Owed } from '../../remediator/notify/message.ts';
import type { RunEvent } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import { makeMessage } from '../remediator/messages.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const HOUR_MS = 3_600_000;
const blocked: RunEvent = { at: AT.toISOString(), kind: 'blocked', data: {} };
const plan = makePlan();
const message = makeMessage();

/** What every journal must hold to about what people are owed. */
export function describeJournalMessages(store: () => Promise<JournalStore>): void {
  describe('what people are owed', () => {
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

    const block = (owes: Owed, token?: number): Promise<void> =>
      journal.append(runId, [blocked], { outcome: 'blocked', reason: 'limit', owes }, token);
    const owe = (...ids: string[]) =>
      Promise.all(ids.map((id) => block({ message: makeMessage({ id }) }))).then(() => undefined);
    const idsTaken = async (atMost = 10, forMs = HOUR_MS) =>
      (await journal.takeOwed(atMost, forMs)).map(({ id }) => id);

    test('is owed from the commit of what it tells on, also in the next process, until it was told', async () => {
      await block({ message });
      await journal.close();
      journal = await opened.open();
      expect(await journal.countOwed()).toBe(1);
      expect(await journal.takeOwed(10, HOUR_MS)).toEqual([message]);
      expect(await journal.countOwed()).toBe(1);
      await journal.noteTold(message.id);
      expect(await journal.countOwed()).toBe(0);
      await journal.close();
      journal = await opened.open();
      expect(await idsTaken()).toEqual([]);
    });

    test('is nothing where what it tells was not written', async () => {
      await expect(block({ message }, 99)).rejects.toThrow(/taken over/);
      await journal.append(runId, [], { state: 'closed', outcome: 'blocked', reason: 'limit' });
      await expect(block({ message })).rejects.toThrow(/closed/);
      expect(await journal.countOwed()).toBe(0);
      expect(await idsTaken()).toEqual([]);
    });

    test('comes with an end that opens the next attempt, and with a pause, too', async () => {
      await journal.claimStart(runId, [], plan, 1000);
      const owes = { message: makeMessage({ id: 'end' }) };
      await journal.closeAndOpenNext(runId, [], { outcome: 'failed', reason: 'not_verified', owes }, AT);
      const pause = { since: AT.toISOString(), untilMs: undefined, by: 'steward', reason: '' };
      await journal.startPause(pause, { message: makeMessage({ id: 'pause', run: null }) });
      expect(await idsTaken()).toEqual(['end', 'pause']);
    });

    test('is given to one who asks, the oldest first, and again once it was put off and is due', async () => {
      for (const id of ['one', 'two', 'three']) await owe(id);
      const [first, second] = await Promise.all([idsTaken(2), idsTaken(2)]);
      expect([...first, ...second].toSorted()).toEqual(['one', 'three', 'two']);
      expect(await idsTaken()).toEqual([]);
      await journal.putOff('two', 0);
      await journal.putOff('three', HOUR_MS);
      expect(await idsTaken()).toEqual(['two']);
    });

    test('is due again where whoever took it has not said what became of it', async () => {
      await owe('one');
      expect(await idsTaken(10, 0)).toEqual(['one']);
      expect(await idsTaken(10, 0)).toEqual(['one']);
    });

    test('can be said to be told twice, and put off after it', async () => {
      await owe('one');
      await Promise.all([journal.noteTold('one'), journal.noteTold('one')]);
      await journal.putOff('one', 0);
      expect(await idsTaken()).toEqual([]);
    });

    test('holds any text', async () => {
      const strange = makeMessage({ detail: '\u0000 \ud800 \u202e "\\u0000" ☃' });
      await block({ message: strange });
      expect(await journal.takeOwed(1, HOUR_MS)).toEqual([strange]);
    });

    test('of what holds all runs back is owed once in so long, of each subject, whatever else is', async () => {
      const about = (id: string, subject: string, againMs = HOUR_MS): Promise<void> =>
        block({ message: makeMessage({ id }), once: { subject, againMs } });
      await about('paused', 'paused');
      await Promise.all([about('again', 'paused'), about('frozen', 'frozen'), owe('other')]);
      expect((await idsTaken()).toSorted()).toEqual(['frozen', 'other', 'paused']);
      await journal.close();
      journal = await opened.open();
      await about('after a restart', 'paused');
      await about('after the time', 'paused', 0);
      for (const id of ['paused', 'frozen', 'other']) await journal.noteTold(id);
      expect(await journal.countOwed()).toBe(1);
    });

    test('of what holds all runs back is still owed where the write that it came with failed', async () => {
      const owes = { message, once: { subject: 'paused', againMs: HOUR_MS } };
      await expect(block(owes, 99)).rejects.toThrow(/taken over/);
      await block(owes);
      expect(await idsTaken()).toEqual([message.id]);
    });
  });
}
