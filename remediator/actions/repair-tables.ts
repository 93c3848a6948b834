import type { Action } from './action.ts';

/** Repairs tables that cannot be opened. Rows that cannot be read are lost, and nothing brings them back but a backup. */
export const repairTables: Action = {
  name: 'wordpress.repair-tables',
  summary:
    'Repairs the MyISAM and Aria tables of a site that the database server cannot open; InnoDB is left alone. Rows that cannot be read are lost.',
  target: 'site',
  parameters: {},
  steps: [{ kind: 'command', verb: 'site-repair-tables', slots: [{ from: 'target' }], timeoutSeconds: 590 }],
  idempotent: true,
  refresh: [],
};
