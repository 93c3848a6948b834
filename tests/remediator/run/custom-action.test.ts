import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { actionSchema } from '../../../inventory/schema/action.ts';
import { actionsOf } from '../../../remediator/actions.ts';
import { makeAlert } from '../alerts.ts';
import { decideOn } from '../decide/decide-on.ts';
import { makeInventory } from '../inventory.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

const flush = actionSchema.parse({
  target: 'site',
  user: 'www-data',
  run: ['/usr/local/bin/flush', '$target', '$level', '$count', '$tag'],
  undo: ['/usr/local/bin/warm', '$target'],
  parameters: {
    level: { enum: { soft: '--soft', hard: '--hard' } },
    count: { int: { min: 1, max: 20 } },
    tag: { pattern: '[a-z]{1,5}' },
  },
});
const policy = { action: 'flush', with: { level: 'soft', count: 7, tag: 'home' } };

describe('an action of steward.yml', () => {
  let scripted: ScriptedWorld;
  beforeEach(async () => {
    scripted = await startScriptedWorld();
    scripted.world.policy = policy;
    scripted.world.inventory = (inventory) => ({ ...inventory, actions: { flush } });
  });
  afterEach(() => scripted.stop());
  const verbs = () => scripted.sent.map(({ verb }) => verb);

  test('heals, and is proved', async () => {
    const [run] = await scripted.deliver(makeAlert());
    expect(run).toMatchObject({
      outcome: 'verified',
      plan: { action: 'flush', target: 'blog', parameters: { level: 'soft', count: '7', tag: 'home' } },
    });
    expect(verbs()).toEqual(['custom-flush']);
  });

  test('that cannot be proved is undone', async () => {
    scripted.world.healthy = false;
    expect(await scripted.deliver(makeAlert())).toMatchObject([
      { outcome: 'rolled_back', reason: 'not_healed_undone' },
    ]);
    expect(verbs()).toEqual(['custom-flush', 'undo-custom-flush']);
  });

  test('that steward.yml no longer has is not undone by another', async () => {
    scripted.world.healthy = false;
    scripted.world.afterAct = () => (scripted.world.inventory = (inventory) => inventory);
    expect(await scripted.deliver(makeAlert())).toMatchObject([
      { outcome: 'failed', reason: 'not_verified' },
    ]);
    expect(verbs()).toEqual(['custom-flush']);
  });
});

test.each([
  ['level', '--soft'],
  ['level', 'constructor'],
  ['level', ''],
  ['count', '0'],
  ['count', '21'],
  ['count', '07'],
  ['count', '1e1'],
  ['tag', '-a'],
  ['tag', 'A'],
  ['tag', 'abcdef'],
  ['tag', 'a\nb'],
  ['tag', '$(id)'],
])('a value that a parameter may not have leads to nothing: %s=%j', (name, value) => {
  const from = { level: { label: 'level' }, count: { label: 'count' }, tag: { label: 'tag' } };
  const inventory = { ...makeInventory({ ...policy, with: from }), actions: { flush } };
  const good = { level: 'soft', count: '7', tag: 'home' };
  const onThese = (labels: Record<string, string>) =>
    decideOn(labels, { inventory, actions: actionsOf(inventory) });
  expect(onThese(good)).toMatchObject({ kind: 'act' });
  expect(onThese({ ...good, [name]: value })).toMatchObject({ reason: 'parameter_not_allowed' });
});
