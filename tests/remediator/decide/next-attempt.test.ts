import { describe, expect, test } from '@jest/globals';
import { actions } from '../../../remediator/actions.ts';
import { mayTryAgain } from '../../../remediator/decide/next-attempt.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert, STARTS_AT } from '../alerts.ts';

const run: Run = {
  id: 'r1',
  alert: makeAlert(),
  attempt: 1,
  plan: {
    policy: 'p',
    revision: 'r1',
    stage: 0,
    action: 'wordpress.fix-permissions',
    target: 'blog',
    host: 'web1',
    parameters: {},
  },
  state: 'closed',
  outcome: 'failed',
  reason: 'not_verified',
  createdAt: STARTS_AT,
  actedAtMs: 1,
  events: [],
};
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
    expect(mayTryAgain({ ...run, ...change }, actions)).toBe(isAllowed);
  });
});
