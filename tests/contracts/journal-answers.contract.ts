import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalAnswer } from '../../remediator/answers/answer-approval.ts';
import { planHash } from '../../remediator/decide/approval.ts';
import type { RunEvent } from '../../remediator/run/run.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { makePlan } from '../remediator/plans.ts';
import type { JournalStore } from './journal-store.ts';

const AT = new Date('2026-03-01T12:00:05.000Z');
const MINUTE_MS = 60_000;
const plan = makePlan({ parameters: { b: '2', a: '1' } });
const event = (kind: RunEvent['kind']): RunEvent => ({ at: AT.toISOString(), kind, data: {} });
const yes: ApprovalAnswer = { answer: 'approve', plan: planHash(plan), by: 'ada \u0000' };
const no: ApprovalAnswer = { ...yes, answer: 'deny' };

/** What every journal must make of what people say to a run, however they and the run cross. */
export function describeJournalAnswers(store: () => Promise<JournalStore>): void {
  describe('an answer', () => {
    let opened: JournalStore;
    let journal: Journal;
    let id: string;
    beforeEach(async () => {
      opened = await store();
      journal = await opened.open();
      [id = ''] = await journal.accept([makeAlert()], AT);
      await journal.append(id, [event('blocked')], {
        outcome: 'awaiting_approval',
        reason: 'mode_needs_approval',
        plan,
      });
    });
    afterEach(async () => {
      await journal.close();
      await opened.remove();
    });

    const answer = (said: ApprovalAnswer, at = AT) => journal.answer(id, said, at);
    const claim = () => journal.claimStart(id, [event('acting')], plan, 1000);
    const rest = async () => {
      await claim();
      await journal.append(id, [], { state: 'resting' });
    };
    const reclaim = () => journal.reclaim(id, [event('acted')], { state: 'acting', isHeldBack: true }, 2000);
    const kinds = async () => (await journal.run(id))?.events.map(({ kind }) => kind).slice(2);

    test('is recorded with who gave it', async () => {
      expect(await answer(yes)).toBeUndefined();
      const run = await journal.run(id);
      expect(run?.events.at(-1)).toMatchObject({
        kind: 'approved',
        data: { by: 'ada \u0000', plan: yes.plan },
      });
      expect(run).toMatchObject({ state: 'waiting', outcome: 'awaiting_approval' });
    });

    test('of yes is taken from one of two who give it at once, and again when it counts no more', async () => {
      const both = await Promise.all([answer(yes), answer(yes)]);
      expect(both.map((refusal) => refusal ?? 'taken').toSorted()).toEqual([
        `run ${id} was approved already`,
        'taken',
      ]);
      expect(await kinds()).toEqual(['approved']);
      expect(await answer(yes, new Date(AT.getTime() + 15 * MINUTE_MS))).toBeUndefined();
    });

    test('of no is taken after a yes, and no yes after it', async () => {
      expect(await answer(yes)).toBeUndefined();
      expect(await answer(no)).toBeUndefined();
      expect(await answer(yes)).toBe(`run ${id} was denied already, by ada \u0000`);
      expect(await answer(no)).toMatch(/denied already/);
      expect(await kinds()).toEqual(['approved', 'denied']);
    });

    test.each<[what: string, first: () => Promise<unknown>]>([
      ['yes', () => answer(yes)],
      ['nothing', () => Promise.resolve()],
    ])('of no, given at once with the start, lets one of the two be, after %s', async (_what, first) => {
      await first();
      const [refusal, isStarted] = await Promise.all([answer(no), claim()]);
      expect(refusal === undefined).toBe(!isStarted);
      expect((await journal.run(id))?.state).toBe(isStarted ? 'acting' : 'waiting');
    });

    test('of no stands against every later start', async () => {
      await answer(no);
      expect(await claim()).toBe(false);
    });

    test('of no gives up a run that rests, or comes too late for that', async () => {
      await rest();
      expect(await answer(yes)).toMatch(/does not wait for approval: it is resting/);
      const [refusal, isClaimed] = await Promise.all([answer(no), reclaim()]);
      expect(refusal === undefined).toBe(!isClaimed);
      if (isClaimed) return;
      const giveUp = journal.reclaim(id, [event('undoing')], { state: 'undoing', isHeldBack: false }, 2000);
      expect(await giveUp).toBe(true);
    });

    test('of no stands against going on', async () => {
      await rest();
      await answer(no);
      expect(await reclaim()).toBe(false);
    });

    test.each<[what: string, prepare: () => Promise<unknown>, said: ApprovalAnswer, refusal: RegExp]>([
      [
        'another plan',
        () => Promise.resolve(),
        { ...yes, plan: planHash({ ...plan, host: 'web2' }) },
        /another one now/,
      ],
      [
        'a plan that has changed since it was seen',
        () => journal.append(id, [event('blocked')], { plan: { ...plan, revision: 'r2' } }),
        yes,
        /another one now/,
      ],
      [
        'a run that waits for something else by now',
        () => journal.append(id, [event('blocked')], { outcome: 'blocked', reason: 'limit' }),
        yes,
        /does not wait for approval: it is blocked/,
      ],
      ['a run that acts', () => claim(), no, /it is acting/],
      [
        'a run that is closed',
        () => journal.append(id, [], { state: 'closed', outcome: 'expired', reason: 'alert_resolved' }),
        no,
        /it is expired/,
      ],
    ])('to %s is refused, and leaves nothing', async (_what, prepare, said, refusal) => {
      await prepare();
      const before = await journal.run(id);
      expect(await answer(said)).toMatch(refusal);
      expect(await journal.run(id)).toEqual(before);
    });

    test('to a run that is not there is refused', async () => {
      expect(await journal.answer('nobody\u0000', yes, AT)).toBe('there is no such run');
    });
  });
}
