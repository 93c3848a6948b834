import type { Action } from './action.ts';

/** Renames a log, so that its writer begins a new one. There is nothing to undo: what was in it is kept beside it. */
export const rotateLog: Action = {
  name: 'log.rotate',
  summary:
    'Renames a log of a site that has 1 MB or more, has its writer begin a new one with the same owner and mode, and compresses what was rotated before. Four are kept.',
  target: 'site',
  parameters: { log: { memberOf: 'logs-of-site' } },
  steps: [
    {
      kind: 'command',
      verb: 'site-rotate-log',
      slots: [{ from: 'target' }, { parameter: 'log' }],
      timeoutSeconds: 600,
    },
  ],
  idempotent: true,
  refresh: ['logs'],
};
