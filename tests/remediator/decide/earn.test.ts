import { describe, expect, test } from '@jest/globals';
import { actionSchema } from '../../../inventory/schema/action.ts';
import { policyRevision } from '../../../remediator/decide/policy-revision.ts';
import type { PastAction } from '../../../remediator/store/journal.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, failed } from './decide-on.ts';

const DAY = 24 * 60;

function decidedAfter(history: readonly PastAction[], mode = 'earn(2)', change: object = {}) {
  return decideOn({}, { inventory: makeInventory({ mode, ...change }), history });
}

test('the command of a custom action is a part of what trust is earned for', () => {
  const [policy] = makeInventory({ action: 'purge' }).policies;
  const [stepped] = makeInventory({ then: [{ action: 'purge' }] }).policies;
  if (policy === undefined || stepped === undefined)
    throw new Error('the inventory of the tests has no policy');
  const purge = (...run: string[]) => ({ purge: actionSchema.parse({ target: 'site', run, user: 'cdn' }) });
  for (const one of [policy, stepped]) {
    const revision = policyRevision(one, purge('/usr/bin/purge', '--all'));
    expect(policyRevision(one, purge('/usr/bin/purge', '--all'))).toBe(revision);
    expect(policyRevision(one, purge('/usr/bin/purge', '--more'))).not.toBe(revision);
    expect(policyRevision(one, {})).not.toBe(revision);
  }
});

describe('a policy in mode earn(2)', () => {
  test.each<[what: string, history: PastAction[], mayAct: boolean]>([
    ['asks at first', [], false],
    ['asks after one verified fix', [acted(DAY)], false],
    ['acts after two', [acted(2 * DAY), acted(DAY)], true],
    ['counts fixes for other targets', [acted(2 * DAY, { target: 'shop' }), acted(DAY)], true],
    ['does not count fixes of another policy', [acted(2 * DAY, { policy: 'other' }), acted(DAY)], false],
    [
      'does not count fixes of another text of the policy',
      [acted(2 * DAY, { revision: 'old' }), acted(DAY)],
      false,
    ],
    [
      'does not count what is under way',
      [acted(2 * DAY, { target: 'shop' }, { outcome: undefined }), acted(DAY)],
      false,
    ],
    ['asks again after one failure', [acted(4 * DAY), acted(3 * DAY), failed(2 * DAY)], false],
    [
      'asks again after one that was undone',
      [acted(4 * DAY), acted(3 * DAY), failed(DAY, { outcome: 'rolled_back' })],
      false,
    ],
    ['earns it anew after a failure', [failed(4 * DAY), acted(3 * DAY), acted(2 * DAY)], true],
    [
      'does not mind what was never started',
      [acted(4 * DAY), acted(3 * DAY), failed(2 * DAY, { reason: 'not_started' })],
      true,
    ],
    ['asks again after 30 days', [acted(30 * DAY), acted(29 * DAY)], false],
    ['acts on the last of these days', [acted(30 * DAY - 1), acted(29 * DAY)], true],
  ])('%s', (_what, history, mayAct) => {
    expect(decidedAfter(history)).toMatchObject(mayAct ? { kind: 'act' } : { reason: 'mode_needs_approval' });
  });

  test('loses what it has earned when what it does, or how that is proved, is changed', () => {
    const history = [acted(2 * DAY), acted(DAY)];
    const verify = { query: 'probe_success{instance="$target"} == 1', samples: 3, within: '5s' };
    expect(decidedAfter(history, 'earn(2)', { verify })).toMatchObject({ reason: 'mode_needs_approval' });
    expect(decidedAfter(history, 'earn(2)', { guard: ['up == 1'] })).toMatchObject({
      reason: 'mode_needs_approval',
    });
    expect(decidedAfter(history, 'earn(2)', { cooldown: '20m', limit: '9 per 1d' })).toMatchObject({
      kind: 'act',
    });
  });

  test('earn(1) needs one', () => {
    expect(decidedAfter([acted(DAY)], 'earn(1)')).toMatchObject({ kind: 'act' });
  });

  test('a mode that only observes earns nothing', () => {
    expect(decidedAfter([acted(2 * DAY), acted(DAY)], 'observe')).toMatchObject({ reason: 'mode_observe' });
  });
});
