import { describe, expect, test } from '@jest/globals';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { DecisionInput } from '../../../remediator/decide/decide.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, failed, forSite, NOW } from './decide-on.ts';

describe('what holds everything back', () => {
  const pause = { since: '2026-03-01T11:00:00Z', untilMs: undefined, by: 'me', reason: '' };

  test.each<[what: string, change: Partial<DecisionInput>, reason: string | undefined]>([
    ['a pause without an end', { pause }, 'paused'],
    ['a pause that has an end', { pause: { ...pause, untilMs: NOW + 1 } }, 'paused'],
    ['a pause that is over', { pause: { ...pause, untilMs: NOW } }, undefined],
    ['one failure', { history: [failed(50)] }, undefined],
    [
      'as many failures as the breaker allows',
      { history: [failed(20 * 60), failed(23 * 60, { outcome: 'rolled_back' })] },
      'breaker_open',
    ],
    ['a failure that left the window', { history: [failed(20 * 60), failed(24 * 60)] }, undefined],
    ['successes', { history: [acted(1200), acted(1210)] }, undefined],
    [
      'what was never started',
      {
        history: [failed(1200, { reason: 'not_started' }), failed(1210, { reason: 'not_started' })],
      },
      undefined,
    ],
    [
      'failures for another target',
      { history: [failed(1200, {}, { target: 'shop' }), failed(1210)] },
      undefined,
    ],
  ])('%s', (_what, change, reason) => {
    expect(decideOn({}, change)).toMatchObject(
      reason === undefined ? { kind: 'act' } : { kind: 'stop', reason },
    );
  });

  test('a policy that only observes says so, paused or not', () => {
    expect(decideOn({}, { inventory: makeInventory({ mode: 'observe' }), pause })).toMatchObject({
      reason: 'mode_observe',
      against: { reason: 'paused' },
    });
  });

  test('who approves a plan does not decide about a pause', () => {
    const inventory = makeInventory({ mode: 'approve' });
    const approval = { kind: 'approved', planHash: planHash(forSite), untilMs: NOW + 1 } as const;
    expect(decideOn({}, { inventory, approval })).toMatchObject({ kind: 'act' });
    expect(decideOn({}, { inventory, approval, pause })).toMatchObject({ reason: 'paused' });
  });
});
