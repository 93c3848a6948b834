import { beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { tellingOnce } from '../../../remediator/notify/told-once.ts';
import type { Notifier } from '../../../remediator/notify/notifier.ts';
import type { Reason } from '../../../remediator/run/run.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';

let told: Reason[];
let known: Map<string, number>;
let journal: { firstToTell: (subject: string, againMs: number) => Promise<boolean> };
let notifier: Notifier;
beforeEach(() => {
  told = [];
  known = new Map();
  journal = {
    firstToTell(subject, againMs) {
      const isFirst = !known.has(subject);
      known.set(subject, againMs);
      return Promise.resolve(isFirst);
    },
  };
  const inner: Notifier = {
    tell: ({ reason }) => told.push(reason),
    tellOfPause: () => told.push('paused'),
    idle: () => Promise.resolve(),
  };
  notifier = tellingOnce(inner, { firstToTell: (...about) => journal.firstToTell(...about) }, silent);
});

const silent = pino({ level: 'silent' });

function tell(reason: Reason, isClosed = false): void {
  notifier.tell({ reason, isClosed } as RunNews);
}

test('what holds all runs back is told for the first of them, and again after an hour', async () => {
  for (let run = 0; run < 100; run += 1) tell('mass_failure');
  tell('paused');
  await notifier.idle();
  expect(told).toEqual(['mass_failure', 'paused']);
  expect([...known]).toEqual([
    ['mass_failure', 3_600_000],
    ['paused', 3_600_000],
  ]);
});

test('everything else is told each time, and so is an end', () => {
  for (const reason of ['guard_failed', 'guard_failed', 'not_verified', 'not_verified'] as const)
    tell(reason);
  tell('paused', true);
  tell('paused', true);
  expect(told).toEqual(['guard_failed', 'guard_failed', 'not_verified', 'not_verified', 'paused', 'paused']);
});

test('where the journal cannot say whether it was told, it is told', async () => {
  journal.firstToTell = () => Promise.reject(new Error('the journal is gone'));
  tell('frozen');
  await notifier.idle();
  expect(told).toEqual(['frozen']);
});
