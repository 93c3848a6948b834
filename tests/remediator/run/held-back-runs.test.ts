import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { noteStart } from '../../../remediator/crash-loop.ts';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert } from '../alerts.ts';
import { later } from './resting-world.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await scripted.stop();
});

const verbs = () => scripted.sent.map(({ verb }) => verb);
const pause = { since: new Date().toISOString(), untilMs: undefined, by: 'me', reason: '' };

/** Says yes to what a run waits for. */
async function approve(run: Run | undefined): Promise<void> {
  if (run?.plan === undefined) throw new Error('the run has no plan');
  const answer = { answer: 'approve', plan: planHash(run.plan), by: 'me' } as const;
  expect(await scripted.journal.answer(run.id, answer, new Date())).toBeUndefined();
  scripted.worker.look(run.id);
  await scripted.worker.idle();
}

/** Gives three hosts the site that the alert of each is about. */
function onThreeHosts(inventory: Inventory): Inventory {
  const { blog } = inventory.sites;
  const { web2 } = inventory.hosts;
  if (blog === undefined || web2 === undefined) throw new Error('the inventory of the tests has changed');
  const sites = { blog, shop: { ...blog, host: 'web2' }, web3: { ...blog, host: 'w3' } };
  return { ...inventory, sites, hosts: { ...inventory.hosts, w3: web2 } };
}
const threeAlerts = [
  makeAlert(),
  makeAlert({ instance: 'shop' }, { fingerprint: 'b2' }),
  makeAlert({ instance: 'web3' }, { fingerprint: 'c3' }),
];

describe('a mass failure', () => {
  test('that comes in one delivery starts nothing, until somebody says to go on', async () => {
    scripted.world.inventory = onThreeHosts;
    const held = await scripted.deliver(...threeAlerts);
    expect(held.map(({ reason }) => reason)).toEqual(['mass_failure', 'mass_failure', 'mass_failure']);
    expect(verbs()).toEqual([]);
    await scripted.journal.endPause(new Date(Date.now() + 1), 'me');
    const healed = await scripted.deliver(...threeAlerts);
    expect(healed.map(({ outcome }) => outcome)).toEqual(['verified', 'verified', 'verified']);
  });

  test('of which the last alerts come while Prometheus is asked about the first starts nothing', async () => {
    scripted.world.inventory = onThreeHosts;
    scripted.world.whileAsked = async () => {
      await scripted.journal.accept(threeAlerts.slice(1), new Date());
    };
    expect(await scripted.deliver(makeAlert())).toEqual(
      expect.arrayContaining([expect.objectContaining({ state: 'waiting', reason: 'mass_failure' })]),
    );
    expect(verbs()).toEqual([]);
  });
});

test('a policy comes after another also where somebody said to go on since', async () => {
  scripted.world.policy = { after: ['restart'] };
  scripted.world.inventory = ({ policies, ...inventory }) => ({
    ...inventory,
    policies: policies.map((policy) => (policy.name === 'restart' ? { ...policy, mode: 'approve' } : policy)),
  });
  await scripted.journal.startPause(pause);
  const down = { alertname: 'ServiceDown', instance: 'web1', service: 'nginx' };
  await scripted.deliver(makeAlert(down, { fingerprint: 'b2' }), makeAlert());
  await scripted.journal.endPause(new Date(Date.now() + 1), 'me');
  expect(await scripted.deliver(makeAlert())).toContainEqual(
    expect.objectContaining({ state: 'waiting', reason: 'waits_for_policy' }),
  );
  expect(verbs()).toEqual([]);
});

describe('a pause', () => {
  test('holds back what comes, and ends what waited when it is over', async () => {
    await scripted.journal.startPause(pause);
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ state: 'waiting', reason: 'paused' }]);
    await scripted.journal.endPause(new Date(), 'me');
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
    expect(verbs()).toEqual(['site-fix-permissions']);
  });

  test('that comes while Prometheus is asked holds back, too', async () => {
    scripted.world.whileAsked = () => scripted.journal.startPause(pause);
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ state: 'waiting', reason: 'paused' }]);
    expect(verbs()).toEqual([]);
  });
});

describe('a freeze by PromQL', () => {
  const frozenBy = (promql: string) => (inventory: Inventory) => ({
    ...inventory,
    freezes: [{ name: 'market', promql }],
  });

  test('holds back while it returns anything', async () => {
    scripted.world.inventory = frozenBy('frozen == 1');
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ state: 'waiting', reason: 'frozen' });
    const detail = 'market, until this no longer holds: frozen == 1';
    expect(run?.events.at(-1)?.data).toEqual({ reason: 'frozen', detail });
    expect(verbs()).toEqual([]);
  });

  test('holds back while what it reads is not there', async () => {
    scripted.world.inventory = frozenBy('gone > 5');
    const [run] = await scripted.deliver(makeAlert());
    expect(run?.events.at(-1)?.data).toEqual({
      reason: 'frozen',
      detail: 'market, until there is a sample of gone',
    });
    expect(verbs()).toEqual([]);
  });

  test('does not while it returns nothing', async () => {
    scripted.world.inventory = frozenBy('frozen == 2');
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
  });
});

describe('the breaker', () => {
  test('opens after as many failures as the policy allows, whichever episode they were of, and stays open', async () => {
    scripted.world.policy = {
      cooldown: '1s',
      verify: { query: 'a == 1', samples: 1, within: '1s' },
      breaker: '1 per 1h',
    };
    scripted.world.healthy = false;
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'failed' }]);
    await scripted.deliver(makeAlert({}, { status: 'resolved' }));
    const again = makeAlert({}, { startsAt: '2026-03-01T13:00:00.000Z' });
    const runs = await scripted.deliver(again);
    expect(runs).toMatchObject([{ state: 'waiting', reason: 'breaker_open' }, { outcome: 'failed' }]);
    expect(verbs()).toHaveLength(1);
  });
});

describe('a policy of several steps', () => {
  beforeEach(() => {
    scripted.world.policy = { then: [{ action: 'wordpress.run-cron' }] };
    scripted.world.healthy = false;
  });

  test('tries the next one at once where one has failed, and then leaves it to people', async () => {
    const runs = await scripted.deliver(makeAlert());
    expect(runs.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [2, 'failed'],
      [1, 'failed'],
    ]);
    expect(verbs()).toEqual(['site-fix-permissions', 'site-run-cron']);
    await scripted.deliver(makeAlert());
    expect(verbs()).toHaveLength(2);
    const later = await scripted.deliver(makeAlert({}, { startsAt: '2026-03-01T13:00:00.000Z' }));
    expect(later[0]).toMatchObject({ state: 'waiting', reason: 'escalated' });
  });

  test.each(['approve', 'earn(1)'])('in mode %s asks about the next one, too', async (mode) => {
    scripted.world.policy = { ...scripted.world.policy, mode };
    const [asked] = await scripted.deliver(makeAlert());
    expect(asked).toMatchObject({ outcome: 'awaiting_approval', plan: { stage: 0 } });
    await approve(asked);
    expect(await scripted.journal.runs(10)).toMatchObject([
      { attempt: 2, outcome: 'awaiting_approval', plan: { action: 'wordpress.run-cron', stage: 1 } },
      { attempt: 1, outcome: 'failed' },
    ]);
    expect(verbs()).toEqual(['site-fix-permissions']);
    await approve((await scripted.journal.runs(1))[0]);
    expect(verbs()).toEqual(['site-fix-permissions', 'site-run-cron']);
  });

  test('stops where one has helped', async () => {
    scripted.world.afterAct = (verb) => (scripted.world.healthy = verb === 'site-run-cron');
    expect(await scripted.deliver(makeAlert())).toMatchObject([
      { outcome: 'verified' },
      { outcome: 'failed' },
    ]);
  });
});

test('a fault that comes back after a proved fix is asked about again, in mode approve', async () => {
  scripted.world.policy = { mode: 'approve' };
  await approve((await scripted.deliver(makeAlert()))[0]);
  // When the cooldown is over, so is what was said.
  later(16 * 60_000);
  expect(await scripted.deliver(makeAlert())).toMatchObject([
    { attempt: 2, outcome: 'awaiting_approval' },
    { attempt: 1, outcome: 'verified' },
  ]);
});

describe('a remediator that ends badly again and again', () => {
  const startAt = (atMs: number) => noteStart(scripted.journal, 'one', atMs, () => undefined);
  const MINUTE = 60_000;

  test('starts paused, once', async () => {
    for (const atMs of [1, 2, 3]) expect(await startAt(atMs * MINUTE)).toBeUndefined();
    expect(await startAt(4 * MINUTE)).toMatchObject({ by: 'steward', untilMs: undefined });
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ reason: 'paused' }]);
    expect(await startAt(5 * MINUTE)).toBeUndefined();
  });

  test('does not where it took longer than ten minutes', async () => {
    for (const atMs of [1, 6, 11, 16]) expect(await startAt(atMs * MINUTE)).toBeUndefined();
  });

  test('does not where it was stopped as it should', async () => {
    for (const atMs of [1, 2, 3, 4, 5]) {
      expect(await startAt(atMs * MINUTE)).toBeUndefined();
      await scripted.journal.noteStop('one', new Date(atMs * MINUTE + 1));
    }
  });

  test('keeps the pause that somebody had begun', async () => {
    await scripted.journal.startPause(pause);
    for (const atMs of [1, 2, 3, 4]) expect(await startAt(atMs * MINUTE)).toBeUndefined();
    expect(await scripted.journal.pause()).toEqual(pause);
  });

  test('starts paused also where somebody once began a pause whose time is over by now', async () => {
    await scripted.journal.startPause({ ...pause, untilMs: MINUTE });
    for (const atMs of [2, 3, 4]) expect(await startAt(atMs * MINUTE)).toBeUndefined();
    expect(await startAt(5 * MINUTE)).toMatchObject({ by: 'steward', untilMs: undefined });
  });
});
