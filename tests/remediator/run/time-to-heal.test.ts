import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMetrics } from '../../../remediator/metrics/metrics.ts';
import { makeInventory } from '../inventory.ts';
import { makeAlert } from '../alerts.ts';
import { startScriptedWorld, type ScriptedWorld } from './scripted-world.ts';

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(() => scripted.stop());

const HOUR_MS = 3_600_000;

test('what the second attempt heals took from the first delivery on, and hours are told apart', async () => {
  scripted.world.policy = { cooldown: '0s', verify: { query: 'a == 1', samples: 1, within: '1s' } };
  scripted.world.healthy = false;
  const deliveredMs = Date.now() - 5 * HOUR_MS;
  const [first = ''] = await scripted.journal.accept([makeAlert()], new Date(deliveredMs));
  scripted.worker.look(first);
  await scripted.worker.idle();
  scripted.world.healthy = true;
  expect((await scripted.deliver(makeAlert()))[0]).toMatchObject({ attempt: 2, outcome: 'verified' });

  const { journal } = scripted;
  const lastReload = () => ({ successful: true, succeededAtMs: 0 });
  const metrics = createMetrics({ active: () => 0, lastReload, journal, inventory: () => makeInventory() });
  for (const news of scripted.news) metrics.countNews(news, deliveredMs + 5 * HOUR_MS);
  const lines = (await metrics.render()).split('\n');
  expect(lines).toContain('steward_remediator_verified_seconds_bucket{le="14400"} 0');
  expect(lines).toContain('steward_remediator_verified_seconds_bucket{le="21600"} 1');
  expect(lines).toContain('steward_remediator_verified_seconds_count 1');
});
