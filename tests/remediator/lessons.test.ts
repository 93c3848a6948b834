import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { parseDelivery } from '../../remediator/alerts/alert.ts';
import { noteStart } from '../../remediator/crash-loop.ts';
import { planHash } from '../../remediator/decide/approval.ts';
import type { Run } from '../../remediator/run/run.ts';
import { openSqliteJournal } from '../../remediator/store/sqlite-journal.ts';
import { loadYaml } from '../helpers/load-yaml.ts';
import { makeAlert } from './alerts.ts';
import { decideOn, forSite } from './decide/decide-on.ts';
import { makeInventory } from './inventory.ts';
import { busy, startScriptedWorld, succeeded, unknown, type ScriptedWorld } from './run/scripted-world.ts';

/*
 * What went wrong in tools of this kind, each once, in incidents and defects that are public. The
 * details are tested beside each part; here each lesson stands by its name.
 */

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(() => scripted.stop());

const verbs = () => scripted.sent.map(({ verb }) => verb);
const resolved = makeAlert({}, { status: 'resolved' });
const episode = (hour: number) => makeAlert({}, { startsAt: `2026-03-01T${hour}:00:00.000Z` });
const shortProof = { verify: { query: 'a == 1', samples: 1, within: '1s' }, cooldown: '1s' };
const pause = { since: new Date().toISOString(), untilMs: undefined, by: 'me', reason: '' };
const onlyRun = (runs: readonly Run[]): Run => {
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`expected one run, and got ${runs.length}`);
  return run;
};

test('1: what only observes does not go round in circles, and lets no failure be forgotten', async () => {
  scripted.world.policy = { ...shortProof, breaker: '1 per 1h' };
  scripted.world.healthy = false;
  await scripted.deliver(episode(10));
  scripted.world.policy = { ...scripted.world.policy, mode: 'observe' };
  for (let times = 0; times < 5; times += 1) await scripted.deliver(episode(11));
  const [observed] = await scripted.journal.runs(1);
  expect(observed?.events.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
  scripted.world.policy = { ...shortProof, breaker: '1 per 1h' };
  expect((await scripted.deliver(episode(12)))[0]).toMatchObject({ reason: 'breaker_open' });
  expect(verbs()).toHaveLength(1);
});

test('2: what cannot be proved is no success, and counts for the breaker', async () => {
  scripted.world.policy = { ...shortProof, breaker: '1 per 1h' };
  scripted.world.healthy = false;
  expect(await scripted.deliver(episode(10))).toMatchObject([{ outcome: 'failed', reason: 'not_verified' }]);
  expect((await scripted.deliver(episode(11)))[0]).toMatchObject({ reason: 'breaker_open' });
});

test('3: an alert that comes and goes does not clear what counts against its fix', async () => {
  scripted.world.policy = { ...shortProof, limit: '1 per 1h' };
  const { journal } = scripted;
  // It acted half an hour ago, so that the cooldown is over and the window of the limit is not.
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
  const [first = ''] = await journal.accept([makeAlert()], new Date(minutesAgo(30)));
  await journal.claimStart(first, [], forSite, minutesAgo(30));
  await journal.append(first, [], { state: 'closed', outcome: 'verified', reason: 'verified' });
  await scripted.deliver(resolved);
  expect((await scripted.deliver(episode(13)))[0]).toMatchObject({ state: 'waiting', reason: 'limit' });
  scripted.world.policy = { ...shortProof, limit: '1 per 29m' };
  expect((await scripted.deliver(episode(13)))[0]).toMatchObject({ outcome: 'verified' });
  expect(verbs()).toHaveLength(1);
});

// That the time of a proof is enough for its samples only Prometheus can say, which a real one does in check-queries.test.ts.
test('4: a cooldown that is shorter than its proof is refused when steward.yml is read', async () => {
  const loaded = await loadYaml('policies:\n  - { name: fix-permissions, cooldown: 1m }\n');
  expect(loaded).toMatchObject({
    ok: false,
    problems: [{ expected: expect.stringContaining('as long as the verification may take') as unknown }],
  });
});

test('5: what could not be written is not remembered as known, so that its repetition is taken up', async () => {
  const other = makeAlert({}, { fingerprint: 'b2' });
  const unwritable = { ...other, labels: { alertname: 1n } } as unknown as typeof other;
  await expect(scripted.journal.accept([makeAlert(), unwritable], new Date())).rejects.toThrow();
  expect(await scripted.journal.runs(10)).toEqual([]);
  expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
});

test('6: what was done, approved and paused is there after a restart', async () => {
  await using folder = await createTempFolder('steward-lessons');
  const open = () => openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  const before = await open();
  const [id = ''] = await before.accept([makeAlert()], new Date());
  const approved = { at: new Date().toISOString(), kind: 'approved', data: { by: 'me' } } as const;
  await before.claimStart(id, [approved], forSite, 1000);
  await before.startPause(pause);
  await before.close();
  const after = await open();
  const past = { policy: forSite.policy, policySinceMs: 0, host: forSite.host, hostSinceMs: 0 };
  expect(await after.pastActions(past)).toMatchObject([{ runId: id, atMs: 1000 }]);
  expect((await after.run(id))?.events.map(({ kind }) => kind)).toContain('approved');
  expect(await after.pause()).toEqual(pause);
  await after.close();
});

test('7: what waited when the process ended goes on after the next start', async () => {
  await scripted.journal.accept([makeAlert()], new Date());
  await scripted.worker.resume();
  await scripted.worker.idle();
  expect(await scripted.journal.runs(10)).toMatchObject([{ outcome: 'verified' }]);
});

// With several processes a lease runs out, and another process takes the run over: replicas/replicas.test.ts, on a real PostgreSQL.
test('8: a run that hangs on one host holds up no other host, and is settled by the process that comes next', async () => {
  const [stuck = ''] = await scripted.journal.accept([makeAlert({}, { fingerprint: 'c3' })], new Date());
  const guarded = { at: new Date().toISOString(), kind: 'guarded', data: { proof: 'a == 1' } } as const;
  await scripted.journal.claimStart(stuck, [guarded], forSite, Date.now());
  const shop = { ...makeInventory().sites['shop'], host: 'web2' };
  scripted.world.inventory = (inventory) =>
    ({ ...inventory, sites: { ...inventory.sites, shop } }) as typeof inventory;
  await scripted.deliver(makeAlert({ instance: 'shop' }, { fingerprint: 'b2' }));
  const runs = await scripted.journal.runs(10);
  expect(runs.map(({ alert, state }) => `${alert.labels['instance'] ?? ''} ${state}`).toSorted()).toEqual([
    'blog acting',
    'shop closed',
  ]);
  await scripted.restart();
  expect(await scripted.journal.run(stuck)).toMatchObject({ state: 'closed', outcome: 'verified' });
  expect(scripted.sent.map(({ slots: [site] }) => site)).toEqual(['shop']);
});

test('9: an empty target is nobody, and never everybody', () => {
  for (const instance of ['', ' ', '*', '.*']) expect(decideOn({ instance })).toMatchObject({ kind: 'stop' });
  expect(decideOn({ instance: '' })).toMatchObject({ reason: 'empty_target' });
});

test('10: what is undone is not at work any more when its undo begins', async () => {
  scripted.world.act = unknown;
  scripted.world.undo = busy;
  scripted.world.afterAct = (verb) => {
    scripted.world.healthy = false;
    if (verbs().filter((sent) => sent === verb).length === 3) scripted.world.undo = succeeded;
  };
  expect(onlyRun(await scripted.deliver(makeAlert()))).toMatchObject({ reason: 'harm_undone' });
  const undo = 'site-undo-permissions';
  expect(verbs()).toEqual(['site-fix-permissions', undo, undo, undo, undo]);
});

test('10: what was decided does not start where its alert has ended in the meantime', async () => {
  scripted.world.whileAsked = async () => {
    await scripted.journal.accept([resolved], new Date());
  };
  expect(onlyRun(await scripted.deliver(makeAlert())).alert.status).toBe('resolved');
  expect(verbs()).toEqual([]);
});

test('11: what was approved is decided again when it is to start', async () => {
  scripted.world.policy = { mode: 'approve' };
  const run = onlyRun(await scripted.deliver(makeAlert()));
  expect(run).toMatchObject({ outcome: 'awaiting_approval' });
  if (run.plan === undefined) throw new Error('a run that waits has a plan');
  const answer = { answer: 'approve', plan: planHash(run.plan), by: 'me' } as const;
  expect(await scripted.journal.answer(run.id, answer, new Date())).toBeUndefined();
  scripted.world.guard = false;
  expect(await scripted.deliver(makeAlert())).toMatchObject([{ reason: 'guard_failed' }]);
  expect(verbs()).toEqual([]);
});

test('12: nothing that Steward stands on is restarted by it', () => {
  const inventory = makeInventory();
  const { web1 } = inventory.hosts;
  if (web1 === undefined) throw new Error('the inventory of the tests has changed');
  const own = { ...web1, services: [{ name: 'prometheus', manager: 'systemd' as const }] };
  expect(
    decideOn(
      { alertname: 'ServiceDown', instance: 'web1', service: 'prometheus' },
      { inventory: { ...inventory, hosts: { ...inventory.hosts, web1: own } } },
    ),
  ).toMatchObject({ kind: 'stop', reason: 'own_part' });
});

test('13: each alert of a delivery is looked at by its own labels, and not by those of its group', async () => {
  const alert = (instance: string, fingerprint: string) => ({
    ...makeAlert({ instance }, { fingerprint }),
    annotations: {},
    endsAt: '0001-01-01T00:00:00Z',
  });
  const { alerts } = parseDelivery({
    version: '4',
    status: 'firing',
    groupLabels: { instance: 'web2' },
    commonLabels: { alertname: 'ServiceDown', instance: 'web2', service: 'redis' },
    alerts: [alert('blog', 'a1'), alert('shop', 'b2')],
  });
  const runs = await scripted.deliver(...alerts);
  expect(runs.map(({ plan }) => plan?.target).toSorted()).toEqual(['blog', 'shop']);
});

// That the far side is ended, too, within the time that the action has, is tried on a real sshd in hosts/ssh/connection.test.ts and hosts/harden/dispatcher.test.ts.
test('14: a command whose end nobody saw may have run: it is settled by what is seen, and not sent again', async () => {
  scripted.world.act = unknown;
  expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
  await scripted.deliver(makeAlert());
  expect(verbs()).toEqual(['site-fix-permissions']);
});

test('15: what ends badly again and again starts paused', async () => {
  const starts = [1, 2, 3, 4].map((minute) => minute * 60_000);
  for (const atMs of starts) await noteStart(scripted.journal, 'one', atMs, () => undefined);
  expect(await scripted.deliver(makeAlert())).toMatchObject([{ reason: 'paused' }]);
  expect(verbs()).toEqual([]);
});
