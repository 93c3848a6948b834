import type { Action } from './action.ts';

/** Empties what WordPress rebuilds by itself. There is nothing to undo. */
export const clearCaches: Action = {
  name: 'wordpress.clear-caches',
  summary:
    'Empties the object cache and the page cache of a site, and removes transients whose time is over.',
  target: 'site',
  parameters: {},
  steps: [{ kind: 'command', verb: 'site-clear-caches', slots: [{ from: 'target' }], timeoutSeconds: 150 }],
  idempotent: true,
  refresh: ['wordpress'],
};
