import { lacksConfigurationTest } from '../../hosts/service-managers/configuration-test.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { actionsOf } from '../actions.ts';

/**
 * The web servers and php-fpm that a policy would restart, and that no host restarts while they run, since nobody can test their configuration first: one
 * sentence for each. A policy that only observes restarts nothing.
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
      .filter(lacksConfigurationTest)
      .map(
        ({ name, manager }) =>
          `${by} may restart ${name} of ${id} only where it is down: it is ${manager}'s, so say how its configuration is tested, as \`config_test\` of the service`,
      ),
  );
}

const RESTARTS: ReadonlySet<string> = new Set(['service-restart', 'site-restart-php-fpm']);
