import type { Inventory } from '../inventory/schema/inventory.ts';
import type { SentVerb } from '../hosts/verbs.ts';
import type { Action } from './actions/action.ts';
import { pauseBot } from './actions/pause-bot.ts';
import { reloadBot } from './actions/reload-bot.ts';
import { restartBot } from './actions/restart-bot.ts';
import { resumeBot } from './actions/resume-bot.ts';
import { clearCaches } from './actions/clear-caches.ts';
import { customAction } from './actions/custom-action.ts';
import { deactivatePlugin } from './actions/deactivate-plugin.ts';
import { drill } from './actions/drill.ts';
import { fixPermissions } from './actions/fix-permissions.ts';
import { freeDisk } from './actions/free-disk.ts';
import { publishMissed } from './actions/publish-missed.ts';
import { removeMaintenanceFile } from './actions/remove-maintenance-file.ts';
import { renewCertificate } from './actions/renew-certificate.ts';
import { repairTables } from './actions/repair-tables.ts';
import { resetOpcache } from './actions/reset-opcache.ts';
import { restoreCoreFiles } from './actions/restore-core-files.ts';
import { restartPhpFpm } from './actions/restart-php-fpm.ts';
import { restartService } from './actions/restart-service.ts';
import { rotateLog } from './actions/rotate-log.ts';
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
    restoreCoreFiles,
    rotateLog,
    freeDisk,
    drill,
    renewCertificate,
    restartPhpFpm,
    restartService,
    restartBot,
    reloadBot,
    pauseBot,
    resumeBot,
  ].map((action) => [action.name, action]),
);

const actionsByEntries = new WeakMap<Inventory['actions'], ReadonlyMap<string, Action>>();

/** Every action that a policy may name: those of Steward, and those of steward.yml, whose names have no dot. */
export function actionsOf({ actions: entries }: Pick<Inventory, 'actions'>): ReadonlyMap<string, Action> {
  const known = actionsByEntries.get(entries);
  if (known !== undefined) return known;
  const own = Object.entries(entries).map(([name, entry]) => [name, customAction(name, entry)] as const);
  const all = new Map([...actions, ...own]);
  actionsByEntries.set(entries, all);
  return all;
}

/** The verbs that policies can send: what the key that acts must be able to do on a host, and no more. */
export function actVerbsOf(inventory: Inventory): ReadonlySet<SentVerb> {
  const used = inventory.policies
    .flatMap((policy) => [policy, ...policy.then])
    .flatMap(({ action: name }) => {
      const action = actionsOf(inventory).get(name);
      return action === undefined
        ? []
        : [...action.steps, ...(action.undo === undefined ? [] : [action.undo])];
    });
  return new Set(used.flatMap((step) => (step.kind === 'command' ? [step.verb] : [])));
}
