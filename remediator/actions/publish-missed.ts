import type { Action } from './action.ts';

/** Publishes posts that were scheduled and missed their time. */
export const publishMissed: Action = {
  name: 'wordpress.publish-missed',
  summary: 'Publishes the posts whose time has passed.',
  target: 'site',
  parameters: {},
  steps: [{ kind: 'command', verb: 'site-publish-missed', slots: [{ from: 'target' }], timeoutSeconds: 150 }],
  idempotent: true,
  refresh: ['wordpress'],
};
