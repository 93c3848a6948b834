import { describe, expect, test } from '@jest/globals';
import { actionSchema } from '../../../inventory/schema/action.ts';
import { actionsOf } from '../../../remediator/actions.ts';
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

/** In the inventory of the tests, nginx is the service of the bot on web1. */
function guardsOfCommand(run: readonly string[], undo?: readonly string[], instance = 'web1') {
  const parameters = { unit: { pattern: '[a-z]{1,9}' } };
  const entry = actionSchema.parse({ target: 'host', user: 'root', run, undo, parameters });
  const policy = { ...restart, action: 'own', with: { unit: { label: 'service' } } };
  const inventory = { ...makeInventory({}, [policy]), actions: { own: entry } };
  const decision = decideOn(
    { alertname: 'Down', instance, service: 'nginx' },
    { inventory, actions: actionsOf(inventory) },
  );
  if (decision.kind !== 'act') throw new Error(JSON.stringify(decision));
  return decision.policy.guard;
}

describe('a command of steward.yml', () => {
  const guarded = ['host_up == 1', 'host_service_up{instance="$host", name="nginx"} == 0'];

  test.each([
    ['to systemd', ['/usr/bin/systemctl', 'restart', 'nginx']],
    ['as a unit', ['/usr/bin/systemctl', 'try-restart', 'nginx.service']],
    ['to Docker', ['/usr/bin/docker', 'restart', 'nginx']],
    ['in a group of supervisor', ['/usr/bin/supervisorctl', 'stop', 'bots:nginx']],
    ['by a parameter', ['/usr/bin/systemctl', 'restart', '$unit']],
  ])('that names the service of a bot %s has the guard of a restart', (_how, run) => {
    expect(guardsOfCommand(run)).toEqual(guarded);
  });

  test('that names it in its undo has it, too', () => {
    expect(guardsOfCommand(['/usr/bin/true'], ['/usr/bin/systemctl', 'restart', 'nginx'])).toEqual(guarded);
  });

  test.each([
    ['another service', ['/usr/bin/systemctl', 'restart', 'nginx-debug'], 'web1'],
    ['it to a program that manages nothing', ['/usr/bin/logger', 'nginx'], 'web1'],
    ['a service of that name on another host', ['/usr/bin/systemctl', 'restart', 'nginx'], 'web2'],
  ])('that names %s has not', (_what, run, instance) => {
    expect(guardsOfCommand(run, undefined, instance)).toEqual(['host_up == 1']);
  });
});
