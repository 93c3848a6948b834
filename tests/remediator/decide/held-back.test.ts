import { describe, expect, test } from '@jest/globals';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { DecisionInput } from '../../../remediator/decide/decide.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, forSite, NOW } from './decide-on.ts';

describe('what holds everything back', () => {
  const pause = { since: '2026-03-01T11:00:00Z', untilMs: undefined, by: 'me', reason: '' };

  test.each<[what: string, change: Partial<DecisionInput>, reason: string | undefined]>([
    ['a pause without an end', { pause }, 'paused'],
    ['a pause that has an end', { pause: { ...pause, untilMs: NOW + 1 } }, 'paused'],
    ['a pause that is over', { pause: { ...pause, untilMs: NOW } }, undefined],
    ['two hosts in trouble', { troubledHosts: ['web1', 'web2', 'web2'] }, undefined],
    ['two others in trouble', { troubledHosts: ['web2', 'web3'] }, 'mass_failure'],
    ['one failure', { history: [acted(50, { outcome: 'failed', reason: 'not_verified' })] }, undefined],
    [
      'as many failures as the breaker allows',
      { history: [acted(20 * 60, { outcome: 'failed' }), acted(23 * 60, { outcome: 'rolled_back' })] },
      'breaker_open',
    ],
    [
      'a failure that left the window',
      { history: [acted(20 * 60, { outcome: 'failed' }), acted(24 * 60, { outcome: 'failed' })] },
      undefined,
    ],
    [
      'successes',
      { history: [acted(1200, { outcome: 'verified' }), acted(1210, { outcome: 'verified' })] },
      undefined,
    ],
    [
      'what was never started',
      {
        history: [
          acted(1200, { outcome: 'failed', reason: 'not_started' }),
          acted(1210, { outcome: 'failed', reason: 'not_started' }),
        ],
      },
      undefined,
    ],
    [
      'failures for another target',
      { history: [acted(1200, { outcome: 'failed', target: 'shop' }), acted(1210, { outcome: 'failed' })] },
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
    });
  });

  test('who approves a plan decides about a mass failure, too, but not about a pause', () => {
    const plan = { ...forSite, parameters: {} };
    const approved = {
      inventory: makeInventory({ mode: 'approve' }),
      approval: { kind: 'approved', planHash: planHash(plan), untilMs: NOW + 1 },
    } as const;
    expect(decideOn({}, { ...approved, troubledHosts: ['web2', 'web3'] })).toMatchObject({ kind: 'act' });
    expect(decideOn({}, { ...approved, pause })).toMatchObject({ reason: 'paused' });
  });
});
