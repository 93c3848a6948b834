import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerApproval } from '../../../remediator/answer-approval.ts';
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
  expect(await answerApproval(run, answer, scripted.journal)).toBeUndefined();
  scripted.worker.look(run.id);
  await scripted.worker.idle();
  return scripted.journal.run(run.id);
}

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
    { reason: 'frozen', detail: 'market' },
    { reason: 'frozen', detail: 'sale' },
  ]);
  expect(scripted.news).toHaveLength(1);
});
