import { describe, expect, test } from '@jest/globals';
import { makeInventory } from '../inventory.ts';
import { decideOn } from './decide-on.ts';

const restart = {
  name: 'restart-any',
  match: ['alertname="Down"'],
  action: 'service.restart',
  with: { service: { label: 'service' } },
  mode: 'auto',
  guard: ['host_up == 1'],
  verify: { query: 'host_service_up{instance="$target"} == 1', within: '1m' },
};

/** In the inventory of the tests, nginx of web1 is the service of a bot, and redis of web2 is none. */
function guardsFor(instance: string, service: string): readonly string[] {
  const decision = decideOn(
    { alertname: 'Down', instance, service },
    { inventory: makeInventory({}, [restart]) },
  );
  if (decision.kind !== 'act') throw new Error(JSON.stringify(decision));
  return decision.policy.guard;
}

describe('the restart of a service', () => {
  test("that is a bot's is guarded: the service must be seen to be down, since a bot that runs may have open trades", () => {
    expect(guardsFor('web1', 'nginx')).toEqual([
      'host_up == 1',
      'host_service_up{instance="$host", name="$service"} == 0',
    ]);
  });

  test('that is no bot’s has the guards of its policy alone', () => {
    expect(guardsFor('web2', 'redis')).toEqual(['host_up == 1']);
  });
});
