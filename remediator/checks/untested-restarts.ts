import { configurationTest } from '../../hosts/service-managers/configuration-test.ts';
import { isPhpFpm } from '../../hosts/service-managers/php-fpm-service.ts';
import { isWebServer } from '../../hosts/service-managers/web-server.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { actionsOf } from '../actions.ts';

/**
 * The web servers and php-fpm that a policy may restart though nobody can test their configuration first: one sentence for each. A policy that only observes
 * restarts nothing, and `config_test: []` says that there is no test.
 */
export function untestedRestarts(inventory: Inventory): string[] {
  const actions = actionsOf(inventory);
  const acting = inventory.policies.filter(({ mode }) => mode !== 'observe');
  const restarting = acting.filter((policy) =>
    [policy, ...policy.then].some((step) =>
      actions.get(step.action)?.steps.some((one) => one.kind === 'command' && RESTARTS.has(one.verb)),
    ),
  );
  if (restarting.length === 0) return [];
  const by = restarting.map(({ name }) => name).join(', ');
  return Object.entries(inventory.hosts).flatMap(([id, { services }]) =>
    services
      .filter((service) => isWebServer(service.name) || isPhpFpm(service.name))
      .filter((service) => service.config_test === undefined && configurationTest(service) === undefined)
      .map(
        ({ name, manager }) =>
          `${by} may restart ${name} of ${id} with a configuration that is broken: it is ${manager}'s, so say how to test it, as \`config_test\` of the service`,
      ),
  );
}

const RESTARTS: ReadonlySet<string> = new Set(['service-restart', 'site-restart-php-fpm']);
