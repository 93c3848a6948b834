import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { reasonTexts } from '../../../remediator/decide/reason-texts.ts';
import { createMetrics } from '../../../remediator/metrics/metrics.ts';
import type { AlertInHand } from '../../../remediator/store/journal.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { makeAlert, STARTS_AT } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { makePlan } from '../plans.ts';

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

const plan = makePlan();
const known = makeInventory();

function makeMetrics(
  inventory: () => Inventory = () => known,
  alertsInHand: () => Promise<AlertInHand[]> = () => Promise.resolve([]),
  isPaused = true,
) {
  const lastReload = () => ({ successful: false, succeededAtMs: 5000 });
  const pause = { since: STARTS_AT, untilMs: undefined, by: 'me', reason: '' };
  return createMetrics({
    active: () => 3,
    lastReload,
    inventory,
    journal: {
      pause: () => Promise.resolve(isPaused ? pause : undefined),
      countAwaitingApproval: () => Promise.resolve(2),
      countOwed: () => Promise.resolve(4),
      alertsInHand,
      lastActions: () => Promise.resolve([]),
    },
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

test('are described as their page has them, with the labels of those that have no value yet', async () => {
  const metrics = makeMetrics();
  const described = metrics.describe();
  const types = [...(await metrics.render()).matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  expect(described.map(({ name, kind }) => [name, kind])).toEqual(
    types.map(([, name, type]) => [name, type]),
  );
  expect(described).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'steward_remediator_runs_total', labels: ['outcome', 'reason'] }),
      expect.objectContaining({ name: 'steward_remediator_verified_seconds', labels: [] }),
    ]),
  );
});

test('count what came in and what became of it', async () => {
  const metrics = makeMetrics();
  metrics.countWebhook('accepted');
  metrics.countWebhook('not_stored');
  metrics.countAlerts(7);
  metrics.countInterruption();
  metrics.countTelling('told');
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
      'steward_remediator_notifications_total{result="told"} 1',
      'steward_remediator_notifications_total{result="given_up"} 0',
      'steward_remediator_notifications_owed 4',
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

const attempts = (page: string) =>
  page.split('\n').filter((line) => line.startsWith('steward_remediator_attempts_total{'));

test('what a policy in force may do to a target has a series before it is done, and what one only observes has none', async () => {
  const watching = makeInventory({ mode: 'observe' });
  expect(attempts(await makeMetrics(() => watching).render())).toEqual(
    ['web1', 'web2'].flatMap((target) =>
      ['verified', 'failed', 'rolled_back'].map(
        (outcome) =>
          `steward_remediator_attempts_total{policy="restart",target="${target}",outcome="${outcome}"} 0`,
      ),
    ),
  );
});

test('a reload brings the series of new policies and targets, and leaves what was counted', async () => {
  let inventory = makeInventory({ mode: 'observe' });
  const metrics = makeMetrics(() => inventory);
  metrics.countNews({ ...news, plan: { ...plan, policy: 'restart', target: 'web1' } }, 0);
  const before = attempts(await metrics.render());
  inventory = makeInventory();
  const after = attempts(await metrics.render());
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toContain(
    'steward_remediator_attempts_total{policy="restart",target="web1",outcome="verified"} 1',
  );
  expect(after).toContain('steward_remediator_attempts_total{policy="fix",target="shop",outcome="failed"} 0');
});

test('an attempt is counted by policy and target once it is over, and a run that was never started is none', async () => {
  const metrics = makeMetrics();
  metrics.countNews({ ...news, plan }, 0);
  metrics.countNews({ ...news, plan, outcome: 'failed', reason: 'not_verified' }, 0);
  metrics.countNews({ ...news, plan, outcome: 'blocked', reason: 'alert_resolved' }, 0);
  metrics.countNews({ ...news, plan, outcome: 'failed', reason: 'not_verified', isClosed: false }, 0);
  const counted = attempts(await metrics.render()).filter((line) => !line.endsWith(' 0'));
  expect(counted).toEqual([
    'steward_remediator_attempts_total{policy="fix",target="blog",outcome="verified"} 1',
    'steward_remediator_attempts_total{policy="fix",target="blog",outcome="failed"} 1',
  ]);
});

test('an alert without a plan makes no series, whatever its labels say', async () => {
  const metrics = makeMetrics();
  const before = attempts(await metrics.render());
  const alert = makeAlert({ alertname: 'Forged1234', instance: 'nowhere"} 1\n' });
  const forged = {
    ...news,
    run: { ...news.run, alert },
    outcome: 'blocked',
    reason: 'unknown_target',
  } as const;
  metrics.countNews(forged, 0);
  metrics.countNews({ ...forged, outcome: 'failed', reason: 'not_started' }, 0);
  const page = await metrics.render();
  expect(attempts(page)).toEqual(before);
  expect(page).not.toMatch(/Forged|nowhere/);
});

test('an alert has a series while it is in hand', async () => {
  let inHand: AlertInHand[] = [
    { alertname: 'Drift', target: 'blog' },
    { alertname: 'Drift', target: 'blog' },
  ];
  const metrics = makeMetrics(undefined, () => Promise.resolve(inHand));
  const shown = async () => (await metrics.render()).match(/^steward_remediator_alert_in_hand\{.*$/gm);
  expect(await shown()).toEqual(['steward_remediator_alert_in_hand{alertname="Drift",target="blog"} 1']);
  inHand = [];
  expect(await shown()).toBeNull();
});

test('no alert is in hand where the journal cannot tell', async () => {
  let isBroken = false;
  const inHand = [{ alertname: 'Drift', target: 'blog' }];
  const metrics = makeMetrics(undefined, () =>
    isBroken ? Promise.reject(new Error('full')) : Promise.resolve(inHand),
  );
  expect(await metrics.render()).toContain('alert_in_hand{');
  isBroken = true;
  expect(await metrics.render()).not.toContain('alert_in_hand{');
});

const naming = makeInventory({}, [
  {
    name: 'free',
    match: ['alertname=~"DiskFull|DiskAlmostFull"', 'mountpoint="/"'],
    action: 'host.free-disk',
  },
  { name: 'every', match: ['severity="page"'], action: 'host.free-disk' },
  { name: 'others', match: ['alertname!~"Drift|DiskFull"', 'alertname=~"Disk.+"'], action: 'host.free-disk' },
]);
const modesOf = async (isPaused: boolean) => {
  const page = await makeMetrics(
    () => naming,
    () => Promise.resolve([]),
    isPaused,
  ).render();
  return [...page.matchAll(/^steward_remediator_policy_mode\{(.*)\} 1$/gm)].map(([, labels]) => labels);
};

test('each policy says how far it may go with each alert that it names, and none does where it names none', async () => {
  expect(await modesOf(false)).toEqual([
    'policy="free",alert="DiskFull",mode="observe"',
    'policy="free",alert="DiskAlmostFull",mode="observe"',
    'policy="fix",alert="Drift",mode="auto"',
    'policy="restart",alert="ServiceDown",mode="auto"',
  ]);
});

test('what is paused goes nowhere, and what observes is paused by nothing', async () => {
  expect(await modesOf(true)).toEqual([
    'policy="free",alert="DiskFull",mode="observe"',
    'policy="free",alert="DiskAlmostFull",mode="observe"',
    'policy="fix",alert="Drift",mode="paused"',
    'policy="restart",alert="ServiceDown",mode="paused"',
  ]);
});
