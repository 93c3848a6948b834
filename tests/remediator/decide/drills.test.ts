import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { addDrillGauges } from '../../../remediator/metrics/drill-gauges.ts';
import { drilledHosts } from '../../../remediator/decide/drills.ts';
import { createMetrics } from '../../../remediator/metrics/metrics.ts';
import { isForPeople } from '../../../remediator/notify/is-for-people.ts';
import type { Plan } from '../../../remediator/run/run.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { makeAlert, STARTS_AT } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';

const policy = {
  name: 'drill',
  match: ['alertname="StewardDrill"'],
  action: 'host.drill',
  mode: 'auto',
  verify: { query: 'steward_remediator_last_drill_timestamp_seconds{target="$target"} > 0', within: '1m' },
};
const drilled = makeInventory({}, [policy]);
const drillPlan: Plan = {
  policy: 'drill',
  revision: 'r1',
  stage: 0,
  action: 'host.drill',
  target: 'web1',
  host: 'web1',
  parameters: {},
};

describe('the hosts that are drilled', () => {
  const off = { ...policy, mode: 'observe' };
  const allObserve = (inventory: Inventory) => ({
    ...inventory,
    policies: inventory.policies.map((one) =>
      one.name === 'drill' ? one : { ...one, mode: 'observe' as const },
    ),
  });
  const left = { ...off, name: 'not-web1', match: ['alertname="StewardDrill"', 'instance="web1"'] };
  test.each([
    { what: 'all of them', inventory: drilled, hosts: ['web1', 'web2'] },
    { what: 'none while nothing else may act', inventory: allObserve(drilled), hosts: [] },
    { what: 'none where the policy observes', inventory: makeInventory({}, [off]), hosts: [] },
    { what: 'none without a policy for drills', inventory: makeInventory(), hosts: [] },
    {
      what: 'without those of a policy before it',
      inventory: makeInventory({}, [left, policy]),
      hosts: ['web2'],
    },
  ])('are $what', ({ inventory, hosts }) => {
    expect(drilledHosts(inventory)).toEqual(hosts);
  });
});

/** What the gauges say of drills, by a journal that knows this. */
async function shown(lastActions: Journal['lastActions'], inventory = drilled): Promise<string[]> {
  const registry = new Registry();
  const journal = { ...silent, lastActions };
  addDrillGauges([registry], { ...sources, inventory: () => inventory, journal });
  return (await registry.metrics()).split('\n').filter((line) => /^steward/.test(line));
}

const silent = {
  pause: () => Promise.resolve(undefined),
  countOwed: () => Promise.resolve(0),
  countAwaitingApproval: () => Promise.resolve(0),
  alertsInHand: () => Promise.resolve([]),
  lastActions: () => Promise.resolve([]),
};
const sources = {
  active: () => 0,
  lastReload: () => ({ successful: true, succeededAtMs: 0 }),
  inventory: () => drilled,
  journal: silent,
};

describe('the times of drills', () => {
  test('are told for each host that is drilled, and 0 where there was none', async () => {
    const asked: unknown[] = [];
    const lines = await shown((action, hosts) => {
      asked.push([action, hosts]);
      return Promise.resolve([
        { host: 'web1', begunAtMs: 9000, succeededAtMs: 5000 },
        { host: 'web2', begunAtMs: undefined, succeededAtMs: undefined },
      ]);
    });
    expect(new Set(asked.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['["host.drill",["web1","web2"]]']),
    );
    expect(lines).toEqual([
      'steward_remediator_last_drill_timestamp_seconds{target="web1"} 5',
      'steward_remediator_last_drill_timestamp_seconds{target="web2"} 0',
      'steward_remediator_last_drill_begun_timestamp_seconds{target="web1"} 9',
      'steward_remediator_last_drill_begun_timestamp_seconds{target="web2"} 0',
    ]);
  });

  test('are not told where the journal does not answer: that is no drill that never was', async () => {
    expect(await shown(() => Promise.reject(new Error('full')))).toEqual([]);
  });
});

describe('a drill', () => {
  const news = {
    run: {
      id: 'r1',
      alert: makeAlert(),
      attempt: 1,
      plan: drillPlan,
      state: 'verifying',
      outcome: undefined,
      reason: undefined,
      createdAt: STARTS_AT,
      actedAtMs: 1,
      events: [],
    },
    plan: drillPlan,
    outcome: 'failed',
    reason: 'action_failed',
    detail: undefined,
    ailingSinceMs: undefined,
    isClosed: true,
  } as const;

  test('is not counted as what heals', async () => {
    const metrics = createMetrics(sources);
    metrics.countNews(news, 0);
    metrics.countNews({ ...news, outcome: 'verified', reason: 'verified', ailingSinceMs: 0 }, 0);
    const page = await metrics.render();
    expect(page).toContain('steward_remediator_runs_total{outcome="failed",reason="action_failed"} 0');
    expect(page).toContain('steward_remediator_verified_seconds_count 0');
    expect(page).not.toContain('policy="drill",target=');
  });

  test('is told to nobody, while the same end of a fix is', () => {
    expect(isForPeople(news)).toBe(false);
    expect(isForPeople({ ...news, plan: { ...drillPlan, action: 'host.free-disk' } })).toBe(true);
  });
});
