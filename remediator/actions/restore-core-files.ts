import type { Action } from './action.ts';

/** Puts back the files of WordPress itself that were changed or are missing. What stood there is kept on the host, for the undo and for people. */
export const restoreCoreFiles: Action = {
  name: 'wordpress.restore-core-files',
  summary:
    "Puts back the files of WordPress itself that are not wordpress.org's or are missing, 200 at the most; files that do not belong there stay.",
  target: 'site',
  parameters: {},
  steps: [
    {
      kind: 'command',
      verb: 'site-restore-core',
      slots: [{ from: 'target' }, { from: 'run' }],
      timeoutSeconds: 600,
    },
  ],
  idempotent: true,
  refresh: ['checksums'],
  harm: {
    healthy: 'probe_success{instance="$target"} == 1',
    harmed: 'probe_success{instance="$target"} == 0',
  },
  undo: {
    kind: 'command',
    verb: 'site-undo-restore-core',
    slots: [{ from: 'target' }, { from: 'run' }],
    timeoutSeconds: 240,
  },
};
