import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../remediator/alert.ts';
import type { EventKind, Plan, RunEvent } from '../../remediator/run/run.ts';
import { JournalError, type Journal } from '../../remediator/store/journal.ts';
import { makeAlert } from '../remediator/alerts.ts';

/** A journal under test, and a way to close it and open what it wrote again. */
export interface OpenedJournal {
  readonly journal: Journal;
  reopen(): Promise<OpenedJournal>;
  close(): Promise<void>;
}

const AT = new Date('2026-03-01T12:00:00Z');
const event = (kind: EventKind): RunEvent => ({ at: AT.toISOString(), kind, data: {} });
const planOn = (host: string): Plan => ({ policy: 'fix', action: 'a', target: 'blog', host, parameters: {} });
const resolved = (change: Partial<Alert> = {}) => makeAlert({}, { status: 'resolved', ...change });

/** What every journal must do. */
export function describeJournalContract(open: () => Promise<OpenedJournal>): void {
  let opened: OpenedJournal;
  let journal: Journal;
  beforeEach(async () => {
    opened = await open();
    ({ journal } = opened);
  });
  afterEach(() => opened.close());

  async function acceptOne(change: Partial<Alert> = {}): Promise<string> {
    const [id] = await journal.accept([makeAlert({}, change)], AT);
    if (id === undefined) throw new Error('there is no run');
    return id;
  }
  const claim = (id: string, host = 'web1') => journal.claimStart(id, [event('acting')], planOn(host), 1);

  describe('a delivery', () => {
    test('makes a run with the alert as it came', async () => {
      const alert = makeAlert({ odd: '\u0000"\n🐎' });
      const [id = ''] = await journal.accept([alert], AT);
      expect(await journal.run(id)).toMatchObject({
        id,
        alert,
        state: 'waiting',
        attempt: 1,
        outcome: undefined,
      });
    });

    test('makes one run for an episode, repeated and at once', async () => {
      const deliveries = Array.from({ length: 20 }, () => journal.accept([makeAlert(), makeAlert()], AT));
      const ids = (await Promise.all(deliveries)).flat();
      expect(new Set(ids).size).toBe(1);
      expect(await journal.runs(10)).toHaveLength(1);
    });

    test('makes a run for each fingerprint and each start', async () => {
      await acceptOne();
      await acceptOne({ fingerprint: 'b2' });
      await acceptOne({ startsAt: '2026-03-01T13:00:00Z' });
      expect(await journal.runs(10)).toHaveLength(3);
    });

    test('of a resolved alert without an episode makes no run', async () => {
      expect(await journal.accept([resolved()], AT)).toEqual([]);
      expect(await journal.runs(10)).toEqual([]);
    });

    test('of a resolved alert marks the run, and closes nothing', async () => {
      const id = await acceptOne();
      await journal.accept([resolved()], AT);
      expect(await journal.run(id)).toMatchObject({ state: 'waiting', alert: { status: 'resolved' } });
    });

    test('that comes late does not make a resolved alert fire again', async () => {
      const id = await acceptOne();
      await journal.accept([resolved()], AT);
      await acceptOne();
      expect(await journal.run(id)).toMatchObject({ alert: { status: 'resolved' } });
    });

    test('that cannot be written leaves nothing of it, and others at the same time succeed', async () => {
      const bad = { ...makeAlert({}, { fingerprint: 'bad' }), startsAt: null as unknown as string };
      const results = await Promise.allSettled([
        journal.accept([makeAlert({}, { fingerprint: 'c1' })], AT),
        journal.accept([makeAlert({}, { fingerprint: 'c2' }), bad], AT),
        journal.accept([makeAlert({}, { fingerprint: 'c3' })], AT),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(results[1]).toMatchObject({ reason: expect.any(JournalError) });
      const fingerprints = (await journal.runs(10)).map(({ alert }) => alert.fingerprint);
      expect(fingerprints.sort()).toEqual(['c1', 'c3']);
    });
  });

  describe('a start', () => {
    test('is claimed once, however many ask at once', async () => {
      const id = await acceptOne();
      const claims = await Promise.all(Array.from({ length: 10 }, () => claim(id)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect((await journal.run(id))?.events.filter(({ kind }) => kind === 'acting')).toHaveLength(1);
    });

    test.each(['acting', 'verifying', 'undoing'] as const)(
      'is refused on a host where another run is %s, writes nothing, and is given when that is closed',
      async (state) => {
        const [first, second] = [await acceptOne(), await acceptOne({ fingerprint: 'b2' })];
        expect(await claim(first)).toBe(true);
        await journal.append(first, [event('acted')], { state });
        const before = await journal.run(second);
        expect(await claim(second)).toBe(false);
        expect(await journal.run(second)).toEqual(before);
        await journal.append(first, [event('finished')], {
          state: 'closed',
          outcome: 'failed',
          reason: 'not_verified',
        });
        expect(await claim(second)).toBe(true);
      },
    );

    test('is given on another host', async () => {
      const [first, second] = [await acceptOne(), await acceptOne({ fingerprint: 'b2' })];
      expect([await claim(first, 'web1'), await claim(second, 'web2')]).toEqual([true, true]);
    });

    test('is refused when the alert has resolved', async () => {
      const id = await acceptOne();
      await journal.accept([resolved()], AT);
      expect(await claim(id)).toBe(false);
    });

    test('is counted among the actions', async () => {
      await claim(await acceptOne());
      expect(await journal.actionsSince(0)).toMatchObject([{ policy: 'fix', target: 'blog', atMs: 1 }]);
      expect(await journal.actionsSince(2)).toEqual([]);
    });
  });

  test('a closed run takes nothing more', async () => {
    const id = await acceptOne();
    await journal.append(id, [event('finished')], {
      state: 'closed',
      outcome: 'blocked',
      reason: 'cooldown',
    });
    const before = await journal.run(id);
    await expect(journal.append(id, [event('acted')], { state: 'waiting' })).rejects.toThrow(JournalError);
    expect(await claim(id)).toBe(false);
    expect(await journal.run(id)).toEqual(before);
  });

  test('events are only added, in their order', async () => {
    const id = await acceptOne();
    const first = (await journal.run(id))?.events ?? [];
    await Promise.all((['matched', 'blocked'] as const).map((kind) => journal.append(id, [event(kind)], {})));
    expect((await journal.run(id))?.events).toEqual([...first, event('matched'), event('blocked')]);
  });

  test('what was written is there after it is opened again', async () => {
    const [first, second] = [await acceptOne(), await acceptOne({ fingerprint: 'b2' })];
    await claim(first);
    const before = await journal.runs(10);
    opened = await opened.reopen();
    ({ journal } = opened);
    expect(await journal.runs(10)).toEqual(before);
    expect((await journal.openRuns()).map(({ id }) => id)).toEqual([first, second]);
    expect([await claim(first), await claim(second)]).toEqual([false, false]);
  });

  test('no episode is started twice, in whatever order things come', async () => {
    const step = fc.record({
      what: fc.constantFrom('deliver', 'twice', 'resolve', 'claim', 'close', 'reopen'),
      episode: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let mine = await open();
        try {
          for (const { what, episode } of steps) {
            if (what === 'reopen') mine = await mine.reopen();
            else await takeStep(mine.journal, what, `e${episode}`);
          }
          await checkStarts(mine.journal);
        } finally {
          await mine.close();
        }
      }),
      { numRuns: 25 },
    );
  });
}

async function takeStep(journal: Journal, what: string, fingerprint: string): Promise<void> {
  const alert = makeAlert({}, { fingerprint });
  const run = (await journal.runs(100)).find((known) => known.alert.fingerprint === fingerprint);
  if (what === 'resolve') await journal.accept([resolved({ fingerprint })], AT);
  else if (what === 'claim' && run !== undefined) {
    const both = [0, 1].map(() => journal.claimStart(run.id, [event('acting')], planOn('web1'), 1));
    await Promise.all(both);
  } else if (what === 'close' && run !== undefined && run.state !== 'closed') {
    await journal.append(run.id, [event('finished')], {
      state: 'closed',
      outcome: 'failed',
      reason: 'not_verified',
    });
  } else if (what === 'twice') {
    await Promise.all([journal.accept([alert], AT), journal.accept([alert], AT)]);
  } else await journal.accept([alert], AT);
}

async function checkStarts(journal: Journal): Promise<void> {
  const runs = await journal.runs(100);
  const fingerprints = runs.map(({ alert }) => alert.fingerprint);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  for (const { events } of runs) {
    expect(events.filter(({ kind }) => kind === 'acting').length).toBeLessThanOrEqual(1);
  }
  expect(runs.filter(({ state }) => state === 'acting').length).toBeLessThanOrEqual(1);
}
