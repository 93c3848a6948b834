import type { Action } from './action.ts';

/** Restarts the PHP of a site. There is nothing to undo: requests that ran are over either way. */
export const restartPhpFpm: Action = {
  name: 'php.restart-fpm',
  summary:
    'Restarts the php-fpm among the `services` of a site, unless its own configuration test fails. Other sites of the same php-fpm lose the requests that run, too.',
  target: 'site',
  parameters: {},
  sharedOn: 'php-fpm-of-site',
  steps: [
    {
      kind: 'command',
      verb: 'site-restart-php-fpm',
      slots: [{ from: 'target' }],
      timeoutSeconds: 120,
    },
  ],
  idempotent: false,
  refresh: [],
  harm: {
    healthy: 'probe_success{instance="$target"} == 1',
    harmed: 'probe_success{instance="$target"} == 0',
  },
};
