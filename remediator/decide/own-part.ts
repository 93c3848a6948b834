import { logsOf } from '../../inventory/logs.ts';
import {
  isOwnService,
  ownPartInCommand,
  ownPathHit,
  ownPathsOn,
} from '../../inventory/policies/own-parts.ts';
import { piecesOfWord } from '../../inventory/schema/action.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Action, ParameterType } from '../actions/action.ts';
import type { Plan } from '../run/run.ts';

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

/** The words of an action of steward.yml, as the host would have them. */
function hitsByCommand(plan: Plan, inventory: Inventory): boolean {
  const entry = Object.hasOwn(inventory.actions, plan.action) ? inventory.actions[plan.action] : undefined;
  if (entry === undefined) return false;
  const valueOf = (slot: string) => {
    const value = slot === 'target' ? plan.target : (plan.parameters[slot] ?? '');
    return entry.parameters[slot]?.enum?.[value] ?? value;
  };
  const words = (argv: readonly string[]) =>
    argv.map((word) =>
      piecesOfWord(word)
        .map((piece) => ('slot' in piece ? valueOf(piece.slot) : piece.text))
        .join(''),
    );
  const host = inventory.hosts[plan.host] ?? {};
  const { journal } = inventory.remediator;
  return [entry.run, entry.undo ?? []].some(
    (argv) => ownPartInCommand(words(argv), host, ownPaths(plan, inventory), journal) !== undefined,
  );
}

function ownPaths({ host }: Plan, inventory: Inventory): readonly string[] {
  const entry = inventory.hosts[host];
  return entry === undefined ? [] : ownPathsOn(entry, inventory);
}
