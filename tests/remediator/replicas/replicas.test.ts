import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { makeAlert } from '../alerts.ts';
import type { ShownRun } from '../process/running-remediator.ts';
import { alert, probe, resolved, violations } from '../process/stage.ts';
import { loading, useReplicas, type Replica } from './replica-stage.ts';

const replicas = useReplicas();
const { stage } = replicas;
const inventory = (change: object = {}) => replicas.inventory(change);
const TIMEOUT_MS = 60_000;

/** What holds of each run, whoever worked on it. */
function expectEndedOnce(run: ShownRun): void {
  const kinds = run.events.map(({ kind }) => kind);
  expect(run.state).toBe('closed');
  expect(kinds.filter((kind) => kind === 'finished')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'acting').length).toBeLessThanOrEqual(1);
}

const untilLogged = (replica: Replica, text: string): Promise<unknown> =>
  waitUntil(() => replica.process.logTail().includes(text), {
    what: text,
    explain: () => replica.process.logTail(),
  });

/** Both see the same, and nothing is left to be done. */
async function expectRest(one: Replica, other: Replica): Promise<void> {
  const seen = await other.runs();
  expect(await one.runs()).toEqual(seen);
  seen.forEach(expectEndedOnce);
}

describe('of two remediators on one database', () => {
  let one: Replica;
  let other: Replica;
  beforeEach(async () => {
    one = await replicas.start(inventory());
    other = await replicas.start(inventory());
  }, TIMEOUT_MS);

  /** The first has sent the command, which does not end. */
  async function oneActs(): Promise<void> {
    await stage.host.hold();
    expect(await one.deliver(alert)).toBe(202);
    await stage.host.untilCalled(1);
    await one.untilRun(({ state }) => state === 'acting');
  }

  test(
    'one is killed while its command runs: the other settles the run, and sends nothing again',
    async () => {
      await oneActs();
      one.process.kill('SIGKILL');
      await one.process.ended;
      await stage.host.letGo();
      stage.page.set(violations, 0);
      const run = await other.untilClosed();
      expect(run.outcome).toBe('verified');
      expect(run.events.map(({ kind }) => kind)).toContain('settling');
      expectEndedOnce(run);
      expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${run.id}`]);
    },
    TIMEOUT_MS,
  );

  test(
    'one hangs while its command runs, and wakes up when the other has settled the run: it does nothing more',
    async () => {
      await oneActs();
      one.process.kill('SIGSTOP');
      stage.page.set(violations, 0);
      const run = await other.untilClosed();
      expect(run.outcome).toBe('verified');
      await stage.host.letGo();
      one.process.kill('SIGCONT');
      await untilLogged(one, 'a run was interrupted');
      await expectRest(one, other);
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'one is cut off from the database while its command runs: it ends that, and the other settles the run',
    async () => {
      await oneActs();
      one.proxy.cutOff();
      stage.page.set(violations, 0);
      const run = await other.untilClosed();
      expect(run.outcome).toBe('verified');
      // The host holds the command: what was waited for has only ended because it was given up.
      await untilLogged(one, 'may have been taken over by another process');
      one.proxy.mend();
      await waitUntil(async () => (await one.deliver(resolved)) === 202, { what: 'the database to be back' });
      await expectRest(one, other);
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'one is cut off from the database: its metrics tell of it, and it ends in time when it is stopped',
    async () => {
      await oneActs();
      one.proxy.cutOff();
      const page = await (await fetch(`${one.url}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
      expect(page).toContain('steward_remediator_journal_up 0\n');
      expect(page).not.toMatch(/^steward_remediator_paused /m);
      expect(page).toContain('steward_remediator_interruptions_total ');
      // Who needs longer is killed.
      await one.process.stop(5000);
      expect(await one.process.ended).toEqual({ exitCode: 1, signal: null });
      await stage.host.letGo();
      stage.page.set(violations, 0);
      expect(await other.untilClosed()).toMatchObject({ outcome: 'verified' });
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'one is cut off, and accepts nothing; the other accepts and heals',
    async () => {
      one.proxy.cutOff();
      const refused = one.deliver(alert);
      expect(await other.deliver(alert)).toBe(202);
      await stage.host.untilCalled(1);
      stage.page.set(violations, 0);
      expect((await other.untilClosed()).outcome).toBe('verified');
      one.proxy.mend();
      expect(await refused).toBe(503);
    },
    TIMEOUT_MS,
  );

  test(
    'both are told of the same alert: one acts, and both know the end',
    async () => {
      const answers = await Promise.all([one, other, one, other].map((replica) => replica.deliver(alert)));
      expect(answers).toEqual([202, 202, 202, 202]);
      await stage.host.untilCalled(1);
      stage.page.set(violations, 0);
      await one.untilClosed();
      await Promise.all([one.deliver(resolved), other.deliver(resolved)]);
      await expectRest(one, other);
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'one is stopped while it undoes: the other undoes again, and ends the run',
    async () => {
      await one.deliver(alert);
      await stage.host.untilCalled(1);
      await stage.host.hold();
      stage.page.set(probe, 0);
      await stage.host.untilCalled(2);
      one.process.kill('SIGTERM');
      await one.process.ended;
      await stage.host.letGo();
      const run = await other.untilClosed();
      expect(run.outcome).toBe('rolled_back');
      const undo = `site-undo-permissions blog ${run.id}`;
      expect(await stage.host.calls()).toEqual([`site-fix-permissions blog ${run.id}`, undo, undo]);
    },
    TIMEOUT_MS,
  );

  test(
    'the other does not do what the one is doing, for an alert that leads to the same',
    async () => {
      await oneActs();
      const twin = makeAlert(alert.labels, { fingerprint: 'b2' });
      await other.deliver(twin);
      const held = await other.untilRun(({ reason }) => reason !== null);
      expect(held).toMatchObject({ fingerprint: 'b2', outcome: 'blocked', reason: 'joined' });
      await stage.host.letGo();
      stage.page.set(violations, 0);
      await waitUntil(async () => (await one.runs()).some(({ outcome }) => outcome === 'verified'), {
        what: 'the proof',
      });
      await other.deliver(resolved, { ...twin, status: 'resolved' });
      await other.untilClosed();
      await expectRest(one, other);
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'a pause of the one holds the other back, and its end by the other lets go on',
    async () => {
      await one.pause(true);
      await other.deliver(alert);
      expect(await other.untilRun(({ reason }) => reason !== null)).toMatchObject({ reason: 'paused' });
      await other.pause(false);
      await stage.host.untilCalled(1);
      stage.page.set(violations, 0);
      await one.untilClosed();
      await expectRest(one, other);
      expect(await stage.host.calls()).toHaveLength(1);
    },
    TIMEOUT_MS,
  );
});

describe('one that stops between its claim and its command', () => {
  const drift = violations.replace('"blog"', '"shop"');
  const second = makeAlert({ ...alert.labels, instance: 'shop' }, { fingerprint: 'c3' });
  const site = { host: 'web1', url: 'https://shop.example', path: '/var/www/shop', owner: 'www-data' };
  const settings = () => inventory({ sites: { blog: { ...site, path: '/var/www/blog' }, shop: site } });
  afterEach(() => stage.page.set(drift, 0));

  test.each([
    ['before it is committed: the other acts', 'before', 'verified', 2],
    ['after it was committed: nobody sends the command, since nobody knows', 'after', 'failed', 1],
  ] as const)(
    '%s',
    async (_name, moment, outcome, calls) => {
      const one = await replicas.start(settings(), [
        loading('../crash/kill-at-point.ts'),
        // The first run takes 5 writes, the second alert one, and the next is the claim.
        `KILL_AT=write 7 ${moment}`,
        'KILL_WITH=SIGSTOP',
        `POINTS_FILE=${stage.folder.path}/points-of-one`,
      ]);
      const other = await replicas.start(settings());
      await stage.show(drift, 2);
      await one.deliver(alert);
      // Its connection to the host is open from now on: nothing else happens between the second claim and its command.
      await stage.host.untilCalled(1);
      stage.page.set(violations, 0);
      await one.untilClosed();
      await one.deliver(second);
      await other.deliver(second);
      if (calls > 1) await stage.host.untilCalled(2);
      if (calls > 1) stage.page.set(drift, 0);
      const run = await other.untilRun(({ target, state }) => target === 'shop' && state === 'closed');
      one.process.kill('SIGCONT');
      await untilLogged(one, 'a run was interrupted');
      expect(run.outcome).toBe(outcome);
      expect(await other.runs()).toEqual(await one.runs());
      expect(await stage.host.calls()).toHaveLength(calls);
    },
    TIMEOUT_MS,
  );
});
