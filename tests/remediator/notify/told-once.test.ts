import { beforeEach, expect, test } from '@jest/globals';
import { tellingOnce } from '../../../remediator/notify/told-once.ts';
import type { Notifier } from '../../../remediator/notify/notifier.ts';
import type { Reason } from '../../../remediator/run/run.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';

let told: Reason[];
let nowMs: number;
let notifier: Notifier;
beforeEach(() => {
  told = [];
  nowMs = 0;
  const inner: Notifier = {
    tell: ({ reason }) => told.push(reason),
    tellOfPause: () => told.push('paused'),
    idle: () => Promise.resolve(),
  };
  notifier = tellingOnce(inner, () => nowMs);
});

function tell(reason: Reason, isClosed = false): void {
  notifier.tell({ reason, isClosed } as RunNews);
}

test('what holds all runs back is told for the first of them, and again after an hour', () => {
  for (let run = 0; run < 100; run += 1) tell('mass_failure');
  tell('paused');
  expect(told).toEqual(['mass_failure', 'paused']);
  nowMs = 3_599_999;
  tell('mass_failure');
  expect(told).toHaveLength(2);
  nowMs = 3_600_000;
  tell('mass_failure');
  expect(told).toEqual(['mass_failure', 'paused', 'mass_failure']);
});

test('everything else is told each time, and so is an end', () => {
  for (const reason of ['guard_failed', 'guard_failed', 'not_verified', 'not_verified'] as const)
    tell(reason);
  tell('paused', true);
  tell('paused', true);
  expect(told).toEqual(['guard_failed', 'guard_failed', 'not_verified', 'not_verified', 'paused', 'paused']);
});
