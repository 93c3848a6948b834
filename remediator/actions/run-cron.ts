import type { Action } from './action.ts';

/** Runs the events that are due. WordPress locks its cron, so that a second run finds nothing to do. */
export const runCron: Action = {
  name: 'wordpress.run-cron',
  summary: "Runs the events of WordPress's cron that are due.",
  target: 'site',
  parameters: {},
  steps: [{ kind: 'command', verb: 'site-run-cron', slots: [{ from: 'target' }], timeoutSeconds: 270 }],
  idempotent: true,
  refresh: ['wordpress'],
};
