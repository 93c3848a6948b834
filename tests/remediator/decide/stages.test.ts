import { describe, expect, test } from '@jest/globals';
import type { Reason } from '../../../remediator/run/run.ts';
import type { PastAction } from '../../../remediator/store/journal.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, failed } from './decide-on.ts';

const then = [{ action: 'wordpress.run-cron' }, { action: 'wordpress.clear-caches' }];
const first = 'wordpress.fix-permissions';

function decidedAfter(history: readonly PastAction[], change: object = {}) {
  return decideOn(
    {},
    { inventory: makeInventory({ then, limit: '9 per 1h', breaker: '9 per 1h', ...change }), history },
  );
}
const cron = (minutesAgo: number, change: Partial<PastAction> = {}) =>
  failed(minutesAgo, change, { stage: 1, action: 'wordpress.run-cron' });
const caches = (minutesAgo: number) => failed(minutesAgo, {}, { stage: 2, action: 'wordpress.clear-caches' });

describe('the steps of a policy', () => {
  test.each<[what: string, history: PastAction[], expected: object]>([
    ['begin with its own action', [], { kind: 'act', plan: { action: first, stage: 0 } }],
    [
      'go on at once where it failed',
      [failed(1)],
      { kind: 'act', plan: { action: 'wordpress.run-cron', stage: 1 } },
    ],
    [
      'go on to the last',
      [failed(3), cron(1)],
      { kind: 'act', plan: { action: 'wordpress.clear-caches', stage: 2 } },
    ],
    [
      'end with people',
      [failed(5), cron(3), caches(1)],
      { kind: 'stop', reason: 'escalated', plan: { stage: 2 } },
    ],
    [
      'begin anew after a proof',
      [failed(50), cron(40, { outcome: 'verified' })],
      { kind: 'act', plan: { stage: 0 } },
    ],
    ['begin anew after the windows', [failed(65), cron(62), caches(61)], { kind: 'act', plan: { stage: 0 } }],
    [
      'do not go on while one is under way',
      [cron(1, { outcome: undefined })],
      { kind: 'stop', reason: 'cooldown' },
    ],
    [
      'stay where the command was never started',
      [cron(20, { reason: 'not_started' })],
      { kind: 'act', plan: { stage: 1 } },
    ],
    ['are those of the same alert', [failed(1, { fingerprint: 'b2' })], { kind: 'stop', reason: 'cooldown' }],
  ])('%s', (_what, history, expected) => {
    expect(decidedAfter(history)).toMatchObject(expected);
  });

  test.each<[Reason, boolean]>([
    ['action_failed', true],
    ['not_healed_undone', true],
    ['harm_undone', false],
    ['harm_not_undone', false],
    ['undo_failed', false],
  ])('after %s, the next one is tried: %s', (reason, isTried) => {
    expect(decidedAfter([failed(1, { reason })])).toMatchObject(
      isTried ? { kind: 'act', plan: { stage: 1 } } : { kind: 'stop', reason: 'escalated' },
    );
  });

  test('a policy of one step has no people to end with: cooldown, limit and breaker hold', () => {
    expect(decidedAfter([failed(1)], { then: [] })).toMatchObject({ reason: 'cooldown' });
    expect(decidedAfter([acted(1)], { then: [] })).toMatchObject({ reason: 'cooldown' });
  });
});
