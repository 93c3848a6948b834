import { expect, test } from '@jest/globals';
import { owedFor, owedForPause } from '../../../remediator/notify/owed.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';
import { makeAlert } from '../alerts.ts';
import { makePlan } from '../plans.ts';

const receivers = { notify: { webhook: { url: 'https://hooks.example/', secret_file: 'key' } } };
const plan = makePlan();
const news: RunNews = {
  run: {
    id: '20260301-120000-0a1b2c3d',
    alert: makeAlert({ alertname: 'Drift', instance: '<b>$(id)</b>\n' }),
    attempt: 1,
    plan: undefined,
    state: 'waiting',
    outcome: undefined,
    reason: undefined,
    createdAt: '2026-03-01T12:00:00.000Z',
    actedAtMs: undefined,
    events: [],
  },
  plan,
  outcome: 'failed',
  reason: 'not_verified',
  detail: undefined,
  isClosed: true,
};

test('what became of a run is owed, with an id of its own and its time', () => {
  const owed = owedFor(news, receivers);
  expect(owed).toEqual({
    message: {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: expect.stringMatching(/^20\d\d-.*Z$/),
      outcome: 'failed',
      reason: 'not_verified',
      detail: null,
      closed: true,
      run: {
        id: news.run.id,
        alertname: 'Drift',
        instance: '<b>$(id)</b>\n',
        policy: 'fix',
        action: 'wordpress.fix-permissions',
        target: 'blog',
        host: 'web1',
      },
    },
  });
  expect(owedFor(news, receivers)?.message.id).not.toBe(owed?.message.id);
});

test('a run without a plan is owed, too', () => {
  const stopped = { ...news, plan: undefined, outcome: 'blocked', reason: 'unknown_target' } as const;
  expect(owedFor(stopped, receivers)?.message.run).toMatchObject({ policy: null, target: null, host: null });
});

test.each([
  ['no_policy', 'no_policy'],
  ['blocked', 'host_busy'],
  ['blocked', 'joined'],
  ['blocked', 'cooldown'],
  ['blocked', 'mode_observe'],
  ['blocked', 'alert_resolved'],
] as const)('nobody is called for %s by %s', (outcome, reason) => {
  for (const isClosed of [false, true])
    expect(owedFor({ ...news, outcome, reason, isClosed }, receivers)).toBeUndefined();
});

test.each([
  ['verified', 'verified'],
  ['failed', 'not_verified'],
  ['rolled_back', 'harm_undone'],
  ['awaiting_approval', 'mode_needs_approval'],
  ['blocked', 'breaker_open'],
  ['blocked', 'limit'],
  ['blocked', 'guard_failed'],
  ['blocked', 'not_corroborated'],
  ['blocked', 'prometheus_unreachable'],
  ['blocked', 'escalated'],
] as const)('people are owed word of %s by %s, each time', (outcome, reason) => {
  expect(owedFor({ ...news, outcome, reason }, receivers)).toEqual({
    message: expect.objectContaining({ outcome, reason }),
  });
});

test.each(['mass_failure', 'paused', 'frozen'] as const)(
  'what holds all runs back by %s is owed once an hour, and each end of a run that it held back',
  (reason) => {
    const held = { ...news, outcome: 'blocked', reason, isClosed: false } as const;
    expect(owedFor(held, receivers)?.once).toEqual({ subject: reason, againMs: 3_600_000 });
    expect(owedFor({ ...held, isClosed: true }, receivers)?.once).toBeUndefined();
  },
);

test('nothing is owed where there is nobody to be told', () => {
  expect(owedFor(news, { notify: {} })).toBeUndefined();
  expect(owedForPause(pause, { notify: {} })).toBeUndefined();
});

const pause = { since: '2026-03-01T12:00:00.000Z', untilMs: undefined, by: 'steward', reason: 'it ended' };

test('a pause that Steward began itself is owed', () => {
  expect(owedForPause(pause, receivers)).toEqual({
    message: expect.objectContaining({
      outcome: 'paused',
      reason: 'paused',
      detail: 'Paused by steward since 2026-03-01T12:00:00.000Z, until it is ended: it ended',
      run: null,
    }),
  });
});
