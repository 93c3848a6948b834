import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../../remediator/run/run.ts';
import { makeAlert } from '../alerts.ts';
import { makePlan } from '../plans.ts';
import {
  busy,
  failed,
  output,
  startScriptedWorld,
  succeeded,
  unknown,
  type ScriptedWorld,
} from './scripted-world.ts';

const blogPlan = makePlan();
let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(() => scripted.stop());

const verbs = () => scripted.sent.map(({ verb }) => verb);
const kinds = (events: readonly RunEvent[] = []) => events.map(({ kind }) => kind);

describe('a run', () => {
  test('goes from the alert to the proof, and is `acting` in the journal before anything is sent', async () => {
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ state: 'closed', outcome: 'verified', reason: 'verified' });
    const order = [
      'received',
      'matched',
      'locked',
      'corroborated',
      'guarded',
      'acting',
      'acted',
      'verifying',
    ];
    expect(kinds(run?.events)).toEqual([...order, 'verified', 'finished']);
    expect(scripted.sent).toMatchObject([{ verb: 'site-fix-permissions', states: ['acting'] }]);
  });

  test('whose command had an unknown outcome is settled by what Prometheus sees', async () => {
    scripted.world.act = unknown;
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
    expect(verbs()).toHaveLength(1);
  });

  test('without proof has failed, and nothing is undone', async () => {
    scripted.world.healthy = false;
    expect(await scripted.deliver(makeAlert())).toMatchObject([
      { outcome: 'failed', reason: 'not_verified' },
    ]);
    expect(verbs()).toEqual(['site-fix-permissions']);
  });

  test.each([
    ['is undone', succeeded, { outcome: 'rolled_back', reason: 'harm_undone' }],
    ['has failed where the undo does', failed, { outcome: 'failed', reason: 'undo_failed' }],
  ])('that did harm %s', async (_what, undo, end) => {
    scripted.world.undo = undo;
    scripted.world.afterAct = () => (scripted.world.healthy = false);
    expect(await scripted.deliver(makeAlert())).toMatchObject([end]);
    expect(verbs()).toEqual(['site-fix-permissions', 'site-undo-permissions']);
  });

  test('that takes something away and cannot be proved puts it back', async () => {
    scripted.world.policy = { action: 'wordpress.deactivate-plugin', with: { plugin: 'acme' } };
    scripted.world.healthy = false;
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ outcome: 'rolled_back', reason: 'not_healed_undone' });
    expect(run?.events.find(({ kind }) => kind === 'undoing')?.data).toEqual({ cause: 'not_healed' });
    expect(verbs()).toEqual(['site-deactivate-plugin', 'site-activate-plugin']);
  });

  test('whose guard fails is blocked, and is decided again when it is delivered again', async () => {
    scripted.world.guard = false;
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ state: 'waiting', reason: 'guard_failed' }]);
    expect(verbs()).toEqual([]);
    scripted.world.guard = true;
    expect(await scripted.deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
  });

  test('whose service has a broken configuration ends at once, and tells what its test said', async () => {
    const stderr = Buffer.from('unknown directive "lisen"\n');
    scripted.world.act = { ...output, kind: 'failed', exitCode: 78, reason: 'exit code 78', stderr };
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ state: 'closed', outcome: 'failed', reason: 'configuration_broken' });
    expect(kinds(run?.events)).not.toContain('verifying');
    expect(scripted.news.at(-1)).toMatchObject({ isClosed: true, detail: 'unknown directive "lisen"' });
    await scripted.deliver(makeAlert());
    expect(verbs()).toHaveLength(1);
  });

  test.each([
    ['is busy with an earlier one', busy],
    ['knows no such verb', { ...busy, exitCode: 77, reason: 'exit code 77' }],
  ])('on a host that %s has changed nothing, and tells what the host said', async (_what, outcome) => {
    scripted.world.act = { ...outcome, stderr: Buffer.from('what it said\n') };
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ state: 'closed', outcome: 'failed', reason: 'not_started' });
    expect(scripted.news.at(-1)).toMatchObject({ isClosed: true, detail: 'what it said' });
    expect(verbs()).toEqual(['site-fix-permissions']);
  });

  test('that nothing could prove does not begin', async () => {
    // The rule of this Prometheus compares nothing.
    scripted.world.policy = { verify: { samples: 1, within: '1s' } };
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({ state: 'waiting', outcome: 'blocked', reason: 'no_verification' });
    expect(run?.events.at(-1)?.data['detail']).toBe('the rule is not one comparison with a value');
    expect(verbs()).toEqual([]);
  });

  test('that waits is closed with its reason when the alert ends', async () => {
    scripted.world.firing = false;
    await scripted.deliver(makeAlert());
    const runs = await scripted.deliver(makeAlert({}, { status: 'resolved' }));
    expect(runs).toMatchObject([{ state: 'closed', outcome: 'blocked', reason: 'not_corroborated' }]);
    expect(verbs()).toEqual([]);
  });
});

test('why a command was cut off when the process ends stands in the log, since the journal cannot have it', async () => {
  scripted.world.act = unknown;
  const restarted = Promise.withResolvers<undefined>();
  scripted.world.whileActing = () => {
    scripted.world.whileActing = () => Promise.resolve();
    void scripted.restart().then(() => restarted.resolve(undefined));
    return Promise.resolve();
  };
  const [run] = await scripted.deliver(makeAlert());
  await restarted.promise;
  const said = scripted.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(said).toContainEqual(
    expect.objectContaining({ run: run?.id, event: 'acted', outcome: 'unknown', reason: 'connection lost' }),
  );
  const settled = await scripted.journal.run(run?.id ?? '');
  expect(kinds(settled?.events)).not.toContain('acted');
});

test('two alerts on one host are worked on one after the other', async () => {
  const runs = await scripted.deliver(makeAlert(), makeAlert({ instance: 'shop' }, { fingerprint: 'b2' }));
  expect(runs.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
  expect(scripted.sent.map(({ states }) => states.filter((state) => state !== 'waiting'))).toEqual([
    ['acting'],
    ['acting'],
  ]);
});

test.each([
  ['acting', []],
  ['verifying', []],
  ['undoing', ['site-undo-permissions']],
] as const)(
  'a run that was left %s is settled after a start, and its command is not sent again',
  async (state, expected) => {
    const [id = ''] = await scripted.journal.accept([makeAlert()], new Date());
    await scripted.journal.claimStart(id, [], blogPlan, Date.now());
    await scripted.journal.append(id, [], { state });
    await scripted.worker.resume();
    await scripted.worker.idle();
    expect(await scripted.journal.run(id)).toMatchObject({ state: 'closed' });
    expect(verbs()).toEqual(expected);
  },
);
