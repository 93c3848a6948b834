import type { Action } from './action.ts';

/** Empties OPcache, which fills again by itself: for a minute pages are slower. There is nothing to undo. */
export const resetOpcache: Action = {
  name: 'php.reset-opcache',
  summary:
    "Empties the OPcache that the site's pool of PHP-FPM uses; pools below the same master process share it.",
  target: 'site',
  parameters: {},
  steps: [{ kind: 'command', verb: 'site-reset-opcache', slots: [{ from: 'target' }], timeoutSeconds: 20 }],
  idempotent: true,
  refresh: [],
};
