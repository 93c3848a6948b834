import type { Policy } from '../inventory/schema/policy.ts';
import type { VerbName } from '../hosts/verbs.ts';
import type { Action } from './actions/action.ts';
import { clearCaches } from './actions/clear-caches.ts';
import { deactivatePlugin } from './actions/deactivate-plugin.ts';
import { fixPermissions } from './actions/fix-permissions.ts';
import { publishMissed } from './actions/publish-missed.ts';
import { removeMaintenanceFile } from './actions/remove-maintenance-file.ts';
import { repairTables } from './actions/repair-tables.ts';
import { resetOpcache } from './actions/reset-opcache.ts';
import { restartService } from './actions/restart-service.ts';
import { runCron } from './actions/run-cron.ts';

/** Every action, by its name. A new one is added here. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    fixPermissions,
    clearCaches,
    runCron,
    publishMissed,
    removeMaintenanceFile,
    deactivatePlugin,
    repairTables,
    resetOpcache,
    restartService,
  ].map((action) => [action.name, action]),
);

/** The verbs that policies can send: what the key that acts must be able to do on a host, and no more. */
export function actVerbsOf(policies: readonly Policy[]): ReadonlySet<VerbName> {
  const used = policies
    .flatMap((policy) => [policy, ...policy.then])
    .flatMap(({ action: name }) => {
      const action = actions.get(name);
      return action === undefined ? [] : [action.step, ...(action.undo === undefined ? [] : [action.undo])];
    });
  return new Set(used.map(({ verb }) => verb));
}
