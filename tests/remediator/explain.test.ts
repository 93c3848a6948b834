import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { explain, type Explanation } from '../../remediator/explain.ts';
import { makeAlert } from './alerts.ts';
import { makeInventory } from './inventory.ts';
import { startScriptedWorld, type ScriptedWorld } from './run/scripted-world.ts';

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(() => scripted.stop());

async function explained(): Promise<Explanation> {
  const [run] = await scripted.deliver(makeAlert());
  if (run === undefined) throw new Error('there is no run');
  const policy = { guard: ['guard == 1'], ...scripted.world.policy };
  return explain(run, { journal: scripted.journal, inventory: () => makeInventory(policy) });
}

test('a run that a guard holds back tells its plan, which guard that is and what it returned', async () => {
  scripted.world.guard = false;
  expect(await explained()).toMatchObject({
    alert: 'Drift blog',
    plan: 'The policy fix would do wordpress.fix-permissions for blog on web1',
    then: 'A guard of the policy does not hold. (guard == 1 returns nothing)',
    guards: [],
    now: expect.stringContaining('if its guards hold'),
  });
});

test('a run that only observes tells what its guards returned', async () => {
  scripted.world.policy = { mode: 'observe' };
  const { guards, then } = await explained();
  expect(guards).toEqual([{ query: 'guard == 1', says: expect.stringContaining('1') }]);
  expect(then).toContain('only observes');
});
