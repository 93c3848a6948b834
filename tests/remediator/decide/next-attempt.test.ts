import { describe, expect, test } from '@jest/globals';
import { actions } from '../../../remediator/actions.ts';
import { leadsOn, mayTryAgain } from '../../../remediator/decide/next-attempt.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert, STARTS_AT } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { makePlan } from '../plans.ts';

const run: Run = {
  id: 'r1',
  alert: makeAlert(),
  attempt: 1,
  plan: makePlan({ policy: 'p' }),
  state: 'closed',
  outcome: 'failed',
  reason: 'not_verified',
  createdAt: STARTS_AT,
  actedAtMs: 1,
  events: [],
};
const { policies } = makeInventory();
const restart = { ...run.plan, action: 'service.restart' } as Run['plan'];

describe('an alert that still fires', () => {
  test.each<[rule: string, change: Partial<Run>, isAllowed: boolean]>([
    ['a fix that may be repeated is', {}, true],
    ['a fix that may not be repeated is not', { plan: restart }, false],
    ['what never began may begin', { plan: restart, reason: 'not_started' }, true],
    ['a fault that came back after a proof is new', { plan: restart, outcome: 'verified' }, true],
    ['what did harm is not repeated', { outcome: 'rolled_back', reason: 'harm_undone' }, false],
    ['what did harm and could not be undone is not repeated', { reason: 'undo_failed' }, false],
    ['harm without an undo is not repeated', { reason: 'harm_not_undone' }, false],
    ['what is not over is not repeated', { state: 'verifying' }, false],
    ['what nobody started is not repeated', { actedAtMs: undefined, outcome: 'blocked' }, false],
    ['what has ended is not repeated', { alert: makeAlert({}, { status: 'resolved' }) }, false],
  ])('%s', (_rule, change, isAllowed) => {
    expect(mayTryAgain({ ...run, ...change }, actions, policies)).toBe(isAllowed);
  });
});

describe('a policy that has a further step', () => {
  const further = makeInventory({ name: 'p', then: [{ action: 'wordpress.run-cron' }] }).policies;
  const last = { ...run.plan, stage: 1 } as Run['plan'];

  test.each<[rule: string, change: Partial<Run>, isAllowed: boolean]>([
    ['goes on after a failure', { plan: restart }, true],
    [
      'goes on after what was undone for it did not help',
      { outcome: 'rolled_back', reason: 'not_healed_undone' },
      true,
    ],
    ['does not after harm', { outcome: 'rolled_back', reason: 'harm_undone' }, false],
    ['does not after its last step', { plan: last }, false],
    ['does not after a proof', { outcome: 'verified', reason: 'verified' }, false],
    ['does not where the alert has ended', { alert: makeAlert({}, { status: 'resolved' }) }, false],
    ['does not before the end', { state: 'verifying' }, false],
  ])('%s', (_rule, change, isAllowed) => {
    expect(leadsOn({ ...run, ...change }, further)).toBe(isAllowed);
    if (isAllowed) expect(mayTryAgain({ ...run, ...change }, actions, further)).toBe(true);
  });
});
