import { logsOf } from '../../inventory/logs.ts';
import {
  isOwnService,
  ownPartInCommand,
  ownPathHit,
  ownPathsOn,
} from '../../inventory/policies/own-parts.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Action, ParameterType } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';
import { customCommands } from './custom-commands.ts';

/** Whether an action would hit a part of Steward: one of its units, containers, files or folders. What heals must not take itself away. */
export function hitsOwnPart(plan: Plan, action: Action, inventory: Inventory): boolean {
  return (
    hitsOwnService(plan, action, inventory) || hitsOwnPath(plan, inventory) || hitsByCommand(plan, inventory)
  );
}

function hitsOwnService(
  { host, parameters }: Plan,
  action: Action,
  { hosts, remediator }: Inventory,
): boolean {
  return Object.entries(action.parameters).some(
    ([name, type]) =>
      isService(type) && isOwnService(parameters[name] ?? '', hosts[host] ?? {}, remediator.journal),
  );
}

function isService(type: ParameterType): boolean {
  return 'saidOf' in type || ('memberOf' in type && type.memberOf === 'services-of-host');
}

function hitsOwnPath(plan: Plan, inventory: Inventory): boolean {
  const site = inventory.sites[plan.target];
  if (site === undefined) return false;
  const logs = logsOf(site).filter(({ name }) => name === plan.parameters['log']);
  const paths = [site.path, ...logs.map(({ file }) => file)];
  return paths.some((path) => ownPathHit(path, ownPaths(plan, inventory)) !== undefined);
}

function hitsByCommand(plan: Plan, inventory: Inventory): boolean {
  const host = inventory.hosts[plan.host] ?? {};
  const { journal } = inventory.remediator;
  return customCommands(plan, inventory).some(
    (words) => ownPartInCommand(words, host, ownPaths(plan, inventory), journal) !== undefined,
  );
}

function ownPaths({ host }: Plan, inventory: Inventory): readonly string[] {
  const entry = inventory.hosts[host];
  return entry === undefined ? [] : ownPathsOn(entry, inventory);
}
