import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { reasonTexts } from '../../remediator/decide/reason-texts.ts';
import { createMetrics } from '../../remediator/metrics.ts';
import type { RunNews } from '../../remediator/run/run-record.ts';
import { makeAlert, STARTS_AT } from './alerts.ts';

const news: RunNews = {
  run: {
    id: 'r1',
    alert: makeAlert(),
    attempt: 1,
    plan: undefined,
    state: 'verifying',
    outcome: undefined,
    reason: undefined,
    createdAt: STARTS_AT,
    actedAtMs: 1,
    events: [],
  },
  plan: undefined,
  outcome: 'verified',
  reason: 'verified',
  detail: undefined,
  ailingSinceMs: Date.parse(STARTS_AT),
  isClosed: true,
};

function makeMetrics() {
  const lastReload = () => ({ successful: false, succeededAtMs: 5000 });
  const pause = { since: STARTS_AT, untilMs: undefined, by: 'me', reason: '' };
  return createMetrics({
    active: () => 3,
    lastReload,
    journal: { pause: () => Promise.resolve(pause), countAwaitingApproval: () => Promise.resolve(2) },
  });
}

test('promtool has nothing to say about them', async () => {
  const metrics = makeMetrics();
  metrics.countNews(news, Date.parse(STARTS_AT) + 4000);
  const promtool = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  promtool.stdin.end(await metrics.render());
  const said = text(promtool.stderr);
  const [exitCode] = (await once(promtool, 'close')) as [number];
  expect({ exitCode, said: await said }).toEqual({ exitCode: 0, said: '' });
});

test('count what came in and what became of it', async () => {
  const metrics = makeMetrics();
  metrics.countWebhook('accepted');
  metrics.countWebhook('not_stored');
  metrics.countAlerts(7);
  metrics.countInterruption();
  metrics.countNews(news, Date.parse(STARTS_AT) + 4000);
  metrics.countNews(
    { ...news, outcome: 'blocked', reason: 'limit', ailingSinceMs: undefined, isClosed: false },
    0,
  );
  const lines = (await metrics.render()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'steward_remediator_webhooks_total{result="accepted"} 1',
      'steward_remediator_webhooks_total{result="not_stored"} 1',
      'steward_remediator_webhooks_total{result="malformed"} 0',
      'steward_remediator_alerts_total 7',
      'steward_remediator_runs_awaiting_approval 2',
      'steward_remediator_interruptions_total 1',
      'steward_remediator_runs_total{outcome="verified",reason="verified"} 1',
      'steward_remediator_runs_in_progress 3',
      'steward_remediator_verified_seconds_bucket{le="2"} 0',
      'steward_remediator_verified_seconds_bucket{le="5"} 1',
      'steward_config_last_reload_successful 0',
      'steward_config_last_reload_success_timestamp_seconds 5',
    ]),
  );
  // What is only held back is not over.
  expect(lines).toContain('steward_remediator_runs_total{outcome="blocked",reason="limit"} 0');
});

test('every way in which a run can be closed has a series before the first run', async () => {
  const page = await makeMetrics().render();
  expect(page).toContain('steward_remediator_runs_total{outcome="rolled_back",reason="harm_undone"} 0');
  expect(page).toContain('steward_remediator_runs_total{outcome="expired",reason="alert_resolved"} 0');
  const reasons = [...page.matchAll(/^steward_remediator_runs_total\{.*reason="(\w+)"/gm)].map(
    ([, reason]) => reason,
  );
  const known = Object.keys(reasonTexts).filter((reason) => reason !== 'mode_needs_approval');
  expect(new Set(reasons)).toEqual(new Set(known));
});
