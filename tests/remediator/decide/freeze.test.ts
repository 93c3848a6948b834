import { describe, expect, test } from '@jest/globals';
import { freezeSchema } from '../../../inventory/schema/freeze.ts';
import { makeInventory } from '../inventory.ts';
import { decideOn, NOW } from './decide-on.ts';

function decidedAt(freeze: object, nowMs = NOW) {
  const inventory = { ...makeInventory(), freezes: [freezeSchema.parse({ name: 'quiet', ...freeze })] };
  return decideOn({}, { inventory, nowMs });
}
const at = (text: string) => Date.parse(text);

describe('a freeze', () => {
  const once = { from: '2026-03-01T11:00:00Z', to: '2026-03-01T13:00:00+01:00' };

  test.each<[what: string, freeze: object, nowMs: number, isOn: boolean]>([
    ['before it begins', once, at('2026-03-01T10:59:59.999Z'), false],
    ['at its beginning', once, at('2026-03-01T11:00:00Z'), true],
    ['just before its end', once, at('2026-03-01T11:59:59.999Z'), true],
    ['at its end', once, at('2026-03-01T12:00:00Z'), false],
    ['by cron, before it begins', { cron: '0 9 * * *', for: '8h' }, at('2026-03-01T08:59:59Z'), false],
    ['by cron, at its beginning', { cron: '0 9 * * *', for: '8h' }, at('2026-03-01T09:00:00Z'), true],
    ['by cron, just before its end', { cron: '0 9 * * *', for: '8h' }, at('2026-03-01T16:59:59Z'), true],
    ['by cron, at its end', { cron: '0 9 * * *', for: '8h' }, at('2026-03-01T17:00:00Z'), false],
    ['by cron, over midnight', { cron: '0 22 * * *', for: '4h' }, at('2026-03-02T01:30:00Z'), true],
    [
      'by cron in another time zone',
      { cron: '0 9 * * *', for: '1h', timezone: 'America/New_York' },
      at('2026-03-01T14:30:00Z'),
      true,
    ],
    ['by cron, on another day', { cron: '0 9 * * 1-5', for: '1h' }, at('2026-03-01T09:30:00Z'), false],
    ['for this policy', { ...once, policies: ['fix'] }, at('2026-03-01T11:30:00Z'), true],
    ['for another policy', { ...once, policies: ['restart'] }, at('2026-03-01T11:30:00Z'), false],
  ])('%s', (_what, freeze, nowMs, isOn) => {
    expect(decidedAt(freeze, nowMs)).toMatchObject(
      isOn
        ? { kind: 'stop', reason: 'frozen', detail: expect.stringContaining('quiet, until ') as unknown }
        : { kind: 'act' },
    );
  });

  test('by PromQL is not the clock’s: it is asked with the guards', () => {
    expect(decidedAt({ promql: 'a > 1' })).toMatchObject({ kind: 'act' });
  });
});
