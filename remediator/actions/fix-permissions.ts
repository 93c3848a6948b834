import type { Action } from './action.ts';

/** Mends owner, group and mode of the paths of a site that drifted from its profile. */
export const fixPermissions: Action = {
  name: 'wordpress.fix-permissions',
  summary:
    'Mends owner, group and mode of the paths of a site that drifted from its profile, and of no other.',
  target: 'site',
  parameters: {},
  steps: [
    {
      kind: 'command',
      verb: 'site-fix-permissions',
      slots: [{ from: 'target' }, { from: 'run' }],
      timeoutSeconds: 300,
    },
  ],
  idempotent: true,
  refresh: ['permissions'],
  harm: {
    healthy: 'probe_success{instance="$target"} == 1',
    harmed: 'probe_success{instance="$target"} == 0',
  },
  undo: {
    kind: 'command',
    verb: 'site-undo-permissions',
    slots: [{ from: 'target' }, { from: 'run' }],
    timeoutSeconds: 300,
  },
};
