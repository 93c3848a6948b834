import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { createHostLocks } from '../../../remediator/run/host-locks.ts';
import { makeAlert } from '../alerts.ts';
import { drift } from './resting-world.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

const HOSTS = 50;
/** What is proved at once has all the time that a busy machine takes. */
const verify = { query: 'probe_success{instance="$target"} == 1', samples: 1, within: '30s' };
let scripted: ScriptedWorld;
/** How many commands run now, and the most that ever did. */
let running: { now: number; most: number };

beforeEach(async () => {
  running = { now: 0, most: 0 };
  scripted = await startScriptedWorld();
  scripted.world.inventory = onManyHosts;
  scripted.world.policy = { verify };
  scripted.world.whileActing = async () => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    // All places are taken once, however long the machine needs for that; then there is time for one too many.
    while (running.most < scripted.world.maxRuns) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    running.now -= 1;
  };
});
afterEach(() => scripted.stop());

/** Each host has a site of its own. */
function onManyHosts(inventory: Inventory): Inventory {
  const { blog } = inventory.sites;
  const { web2 } = inventory.hosts;
  if (blog === undefined || web2 === undefined) throw new Error('the inventory of the tests has changed');
  const ids = Array.from({ length: HOSTS }, (_item, index) => index);
  const hosts = Object.fromEntries(ids.map((id) => [`h${id}`, web2]));
  const sites = Object.fromEntries(ids.map((id) => [`site${id}`, { ...blog, host: `h${id}` }]));
  return { ...inventory, hosts: { ...inventory.hosts, ...hosts }, sites: { ...inventory.sites, ...sites } };
}

async function runsAfterAPause(): Promise<string[]> {
  const since = new Date().toISOString();
  await scripted.journal.startPause({ since, untilMs: undefined, by: 'me', reason: '' });
  const ids = Array.from({ length: HOSTS }, (_item, index) => `site${index}`);
  scripted.world.instances = ids;
  await scripted.deliver(...ids.map((instance) => makeAlert({ instance }, { fingerprint: instance })));
  // Later than all of them, so that they are no mass failure.
  await scripted.journal.endPause(new Date(Date.now() + 1), 'me');
  await scripted.worker.resume();
  await scripted.worker.idle();
  const runs = await scripted.journal.runs(HOSTS);
  return runs.map(({ outcome }) => outcome ?? '');
}

test.each([4, 1])('of fifty hosts at once, %d are worked on, and then the others', async (maxRuns) => {
  scripted.world.maxRuns = maxRuns;
  expect(await runsAfterAPause()).toEqual(Array.from({ length: HOSTS }, () => 'verified'));
  expect(running.most).toBe(maxRuns);
});

test('a run that rests takes no place', async () => {
  Object.assign(scripted.world, { maxRuns: 1, policy: { action: 'bot.restart', with: { hours: 1 } } });
  scripted.world.bot.open = 2;
  expect(await scripted.deliver(drift)).toMatchObject([{ state: 'resting' }]);
  scripted.world.policy = { verify };
  expect((await scripted.deliver(makeAlert({}, { fingerprint: 'b2' })))[0]).toMatchObject({
    outcome: 'verified',
  });
});

test('who waits for a busy host keeps nobody from another', async () => {
  const locks = createHostLocks(() => 2);
  const { promise: freed, resolve: free } = Promise.withResolvers<undefined>();
  const first = locks.hold('a', () => freed);
  const second = locks.hold('a', () => Promise.resolve('second'));
  expect(await locks.hold('b', () => Promise.resolve('other'))).toBe('other');
  expect([locks.isBusy('a'), locks.isBusy('b')]).toEqual([true, false]);
  free(undefined);
  await first;
  expect(await second).toBe('second');
});
