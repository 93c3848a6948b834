import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert } from '../alerts.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
  scripted.world.policy = { mode: 'approve' };
});
afterEach(() => scripted.stop());

const verbs = () => scripted.sent.map(({ verb }) => verb);

async function delivered(): Promise<Run> {
  const [run] = await scripted.deliver(makeAlert());
  if (run === undefined) throw new Error('there is no run');
  return run;
}

/** Says yes to the plan that a run had when somebody looked at it, and has it looked at. */
async function approve(run: Run): Promise<Run | undefined> {
  if (run.plan === undefined) throw new Error('the run has no plan');
  const answer = { answer: 'approve', plan: planHash(run.plan), by: 'me' } as const;
  expect(await scripted.journal.answer(run.id, answer, new Date())).toBeUndefined();
  scripted.worker.look(run.id);
  await scripted.worker.idle();
  return scripted.journal.run(run.id);
}

describe('a person is asked only where everything else says yes', () => {
  const pause = { since: new Date().toISOString(), untilMs: undefined, by: 'me', reason: '' };

  test.each<[what: string, happen: () => unknown, reason: string]>([
    ['an alert that Prometheus does not see', () => (scripted.world.firing = false), 'not_corroborated'],
    ['a guard that fails', () => (scripted.world.guard = false), 'guard_failed'],
    ['a pause', () => scripted.journal.startPause(pause), 'paused'],
  ])('not about %s', async (_what, happen, reason) => {
    await happen();
    expect(await delivered()).toMatchObject({ outcome: 'blocked', reason, plan: { policy: 'fix' } });
  });

  test('and as soon as it does, with what Prometheus said', async () => {
    scripted.world.guard = false;
    await delivered();
    scripted.world.guard = true;
    const { outcome, events } = await delivered();
    expect(outcome).toBe('awaiting_approval');
    expect(events.find(({ kind }) => kind === 'corroborated')?.data).toEqual({ rule: 'drift' });
    expect(events.find(({ kind }) => kind === 'guarded')?.data).toMatchObject({
      guards: [{ query: 'guard == 1', says: '1, 1, 1, 1, 1, …' }],
    });
  });

  test('and no more where it ceases to say so', async () => {
    expect(await delivered()).toMatchObject({ outcome: 'awaiting_approval' });
    scripted.world.firing = false;
    expect(await delivered()).toMatchObject({ outcome: 'blocked', reason: 'not_corroborated' });
  });
});

describe('a policy that only observes', () => {
  const would = ({ events }: Run) => events.filter(({ kind }) => kind === 'would').map(({ data }) => data);
  beforeEach(() => {
    scripted.world.policy = { mode: 'observe' };
  });

  test('says what it would have done, with what Prometheus said, once', async () => {
    await delivered();
    scripted.world.guard = false;
    const run = await delivered();
    expect(run).toMatchObject({ outcome: 'blocked', reason: 'mode_observe', plan: { policy: 'fix' } });
    expect(would(run)).toEqual([
      {
        act: true,
        rule: 'drift',
        guards: [{ query: 'guard == 1', says: expect.any(String) }],
        proof: 'probe_success{instance="blog"} == 1',
      },
    ]);
    expect(verbs()).toEqual([]);
    expect(scripted.news).toHaveLength(1);
  });

  test('says what would have held it back, until it would have acted', async () => {
    scripted.world.guard = false;
    await delivered();
    await delivered();
    scripted.world.firing = false;
    await delivered();
    Object.assign(scripted.world, { firing: true, guard: true });
    const run = await delivered();
    expect(would(run)).toMatchObject([
      { act: false, reason: 'guard_failed', detail: 'guard == 1 returns nothing' },
      { act: false, reason: 'not_corroborated' },
      { act: true },
    ]);
    expect(run).toMatchObject({ outcome: 'blocked', reason: 'mode_observe' });
    expect(scripted.news).toHaveLength(1);
  });

  test('says it anew where the policy was changed', async () => {
    await delivered();
    scripted.world.policy = { mode: 'observe', guard: [] };
    expect(would(await delivered())).toMatchObject([{ guards: [{}] }, { guards: [] }]);
  });
});

describe('a policy that is changed while its run waits for an answer', () => {
  const changed = { mode: 'approve', guard: ['guard == 1', 'guard == 2'] };

  test('is asked about anew, and the answer is for the new plan', async () => {
    const asked = await delivered();
    scripted.world.policy = changed;
    const again = await delivered();
    expect(again).toMatchObject({ outcome: 'awaiting_approval', plan: { policy: 'fix' } });
    expect(again.plan?.revision).not.toBe(asked.plan?.revision);
    expect(scripted.news).toHaveLength(2);
    expect(await approve(again)).toMatchObject({ outcome: 'verified' });
  });

  test('between the question and the answer is asked about anew, too', async () => {
    const asked = await delivered();
    scripted.world.policy = changed;
    const again = await approve(asked);
    expect(again).toMatchObject({ state: 'waiting', outcome: 'awaiting_approval' });
    expect(verbs()).toEqual([]);
    expect(again && (await approve(again))).toMatchObject({ outcome: 'verified' });
  });

  test('is asked about once while nothing changes', async () => {
    await delivered();
    await delivered();
    expect(scripted.news).toHaveLength(1);
  });
});

test('another freeze than before is recorded, and is no other message', async () => {
  const frozenBy = (name: string) => {
    scripted.world.inventory = (inventory) => ({ ...inventory, freezes: [{ name, promql: 'frozen == 1' }] });
    return delivered();
  };
  scripted.world.policy = {};
  await frozenBy('market');
  await frozenBy('market');
  const { events } = await frozenBy('sale');
  expect(events.filter(({ kind }) => kind === 'blocked').map(({ data }) => data)).toEqual([
    { reason: 'frozen', detail: 'market, until this no longer holds: frozen == 1' },
    { reason: 'frozen', detail: 'sale, until this no longer holds: frozen == 1' },
  ]);
  expect(scripted.news).toHaveLength(1);
});
