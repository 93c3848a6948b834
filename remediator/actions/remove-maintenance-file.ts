import type { Action } from './action.ts';

/** Removes a maintenance file that is older than ten minutes; a younger one belongs to an update that may still run. */
export const removeMaintenanceFile: Action = {
  name: 'wordpress.remove-maintenance-file',
  summary: 'Removes the maintenance file that a broken off update left.',
  target: 'site',
  parameters: {},
  steps: [
    { kind: 'command', verb: 'site-remove-maintenance', slots: [{ from: 'target' }], timeoutSeconds: 30 },
  ],
  idempotent: true,
  refresh: ['wordpress'],
};
